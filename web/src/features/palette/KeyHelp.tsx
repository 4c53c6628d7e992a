import { type Command, commands } from "../../ui/commands/registry";
import { Dialog } from "../../ui/Dialog";
import { Kbd } from "../../ui/Kbd";
import { useObservable } from "../../ui/useObservable";
import styles from "./KeyHelp.module.css";

/** The keys that work on this page. */
export function KeyHelp({ onClose }: { onClose: () => void }) {
  const withKeys = useObservable(commands.commands).filter((command) => command.keys);
  const sections = [...new Set(withKeys.map((command) => command.section))];
  return (
    <Dialog label="Keys" onClose={onClose}>
      <div className={styles.help}>
        <h2>Keys on this page</h2>
        {sections.map((section) => (
          <section key={section}>
            <h3>{section}</h3>
            <dl>
              {withKeys
                .filter((command) => command.section === section)
                .map((command) => (
                  <Row key={command.id} command={command} />
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function Row({ command }: { command: Command }) {
  return (
    <div>
      <dt>{command.title}</dt>
      <dd>
        <Kbd keys={command.keys!} />
      </dd>
    </div>
  );
}
