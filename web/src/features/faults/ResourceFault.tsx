import type { Fault } from "../../api/generated";
import { useSession } from "../../sync/hooks";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { Link } from "../../ui/Link";
import { lineageHref, runsHref } from "../routes";
import { FaultCard } from "./FaultCard";
import styles from "./ResourceFault.module.css";

/** In place of something that could not be fetched: the fault, and a way to try again. */
export function ResourceFault({ fault, resource }: { fault: Fault; resource: string }) {
  const { resources } = useSession();
  if (fault.code.endsWith("-not-found")) return <NotFound fault={fault} />;
  return (
    <div className={styles.frame} role="alert">
      <FaultCard fault={fault}>
        <div>
          <Button icon="again" onClick={() => void resources.invalidate(resource)}>
            Try again
          </Button>
        </div>
      </FaultCard>
    </div>
  );
}

function NotFound({ fault }: { fault: Fault }) {
  return (
    <Empty title={fault.message}>
      <p>{fault.hint ?? "It may have been renamed or removed since the address was made."}</p>
      <p>
        <Link href={lineageHref()}>Lineage</Link> · <Link href={runsHref}>Runs</Link>
      </p>
    </Empty>
  );
}
