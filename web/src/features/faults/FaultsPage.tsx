import { useFaults, useProject } from "../../sync/hooks";
import { CommandButton } from "../../ui/Button";
import { Empty, Loading } from "../../ui/Empty";
import { counted } from "../../ui/format";
import page from "../Page.module.css";
import { useTitle } from "../useTitle";
import { FaultCard } from "./FaultCard";
import styles from "./FaultsPage.module.css";
import { ResourceFault } from "./ResourceFault";

/** Everything that is wrong with the project's files, all of it at once. */
export function FaultsPage() {
  const faults = useFaults();
  const project = useProject();
  useTitle("Faults");
  if (!faults.data) {
    if (faults.fault) return <ResourceFault fault={faults.fault} resource="faults" />;
    return <Loading what="faults" />;
  }
  if (faults.data.length === 0) {
    return (
      <Empty title="No faults">
        <p>Every file of {project.data?.name ?? "the project"} could be read.</p>
        <CommandButton command="project.reload" icon="again" />
      </Empty>
    );
  }
  return (
    <div className={page.scroll}>
      <div className={page.column}>
        <header className={page.head}>
          <h1>{counted(faults.data.length, "fault")} in the project</h1>
          <CommandButton command="project.reload" icon="again">
            Read the project again
          </CommandButton>
        </header>
        <p className={page.note}>Nothing can be built from files that cannot be read.</p>
        <ol className={styles.list}>
          {faults.data.map((fault) => (
            <li key={JSON.stringify([fault.code, fault.place, fault.message, fault.node])}>
              <FaultCard fault={fault} />
            </li>
          ))}
        </ol>
      </div>
    </div>
  );
}
