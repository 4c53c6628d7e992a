import { useState } from "react";
import type { Fault, NodeDetail } from "../../api/generated";
import { useCompiled } from "../../sync/hooks";
import { CopyButton } from "../../ui/Copy";
import { Code } from "../../ui/code/Code";
import { Loading } from "../../ui/Empty";
import { Segmented } from "../../ui/Segmented";
import { FaultCard } from "../faults/FaultCard";
import styles from "./CodeTab.module.css";

type Shown = "both" | "raw" | "compiled";

const CHOICES = [
  { value: "both", label: "Side by side" },
  { value: "raw", label: "As written" },
  { value: "compiled", label: "Compiled" },
] as const;

/** The code as people wrote it, beside the code that the warehouse gets. */
export function CodeTab({ node }: { node: NodeDetail }) {
  const compiles = node.resource_type !== "seed" && node.resource_type !== "source";
  const [shown, setShown] = useState<Shown>(window.innerWidth < 960 ? "raw" : "both");
  const visible = compiles ? shown : "raw";
  return (
    <div className={styles.tab}>
      {compiles && (
        <div className={styles.choice}>
          <Segmented
            label="Code to show"
            name="code"
            options={CHOICES}
            value={shown}
            onChange={setShown}
          />
        </div>
      )}
      <div className={styles.panes} data-shown={visible}>
        {visible !== "compiled" && (
          <section className={styles.pane}>
            <header>
              <h2>As written</h2>
              <code>{node.path}</code>
              <CopyButton text={node.raw_code} what="code" />
            </header>
            <Code code={node.raw_code} language={node.language} label="Code as written" />
          </section>
        )}
        {visible !== "raw" && <Compiled node={node} />}
      </div>
    </div>
  );
}

function Compiled({ node }: { node: NodeDetail }) {
  const compiled = useCompiled(node.id);
  const code = compiled.data?.compiled_code;
  return (
    <section className={styles.pane}>
      <header>
        <h2>Compiled</h2>
        {code && <CopyButton text={code} what="compiled code" />}
      </header>
      {compiled.fault ? (
        <NotCompiled fault={compiled.fault} />
      ) : code === undefined ? (
        <Loading what="compiled code" />
      ) : (
        <Code code={code} language={node.language} label="Compiled code" />
      )}
    </section>
  );
}

function NotCompiled({ fault }: { fault: Fault }) {
  return (
    <div className={styles.fault}>
      <FaultCard fault={{ ...fault, node: null }} />
    </div>
  );
}
