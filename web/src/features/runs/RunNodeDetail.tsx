import type { RunDetail, RunNode } from "../../api/generated";
import { isUnmet } from "../../document/states";
import { useGraph } from "../../sync/hooks";
import { Button } from "../../ui/Button";
import { CopyButton } from "../../ui/Copy";
import { clock, count, duration } from "../../ui/format";
import { Link } from "../../ui/Link";
import { changeQuery } from "../../ui/location";
import { Status } from "../../ui/Status";
import { FaultCard } from "../faults/FaultCard";
import { nodeHref } from "../routes";
import styles from "./RunNodeDetail.module.css";

/** What came of one node in this run. */
export function RunNodeDetail({ node, run }: { node: RunNode; run: RunDetail }) {
  const graph = useGraph().data;
  const tested = node.depends_on.filter((id) => graph?.byId.has(id));
  return (
    <section className={styles.detail} aria-label={node.name}>
      <header>
        <h2>
          {graph?.byId.has(node.id) ? <Link href={nodeHref(node.id)}>{node.name}</Link> : node.name}
        </h2>
        <Button kind="quiet" icon="close" iconOnly onClick={() => changeQuery({ node: null })}>
          Close details
        </Button>
      </header>
      <p className={styles.line}>
        <Status status={node.status} withWord /> <span>{factsOf(node)}</span>
      </p>
      {node.fault ? (
        <FaultCard fault={{ ...node.fault, node: null }} />
      ) : (
        node.message && <pre className={styles.message}>{node.message}</pre>
      )}
      {node.status === "skipped" && <Blockers node={node} run={run} />}
      {node.resource_type === "test" && tested.length > 0 && (
        <p className={styles.line}>
          Tests{" "}
          {tested.map((id) => (
            <Link key={id} href={nodeHref(id)}>
              {graph!.byId.get(id)!.name}
            </Link>
          ))}
        </p>
      )}
      {node.compiled_path && (
        <p className={styles.path}>
          <code>{node.compiled_path}</code>
          <CopyButton text={node.compiled_path} what="path" />
        </p>
      )}
    </section>
  );
}

/** Why it was skipped: what stands before it and did not end well. */
function Blockers({ node, run }: { node: RunNode; run: RunDetail }) {
  const bad = run.nodes.filter(
    (other) => node.depends_on.includes(other.id) && isUnmet(other.status),
  );
  if (!bad.length) return null;
  return (
    <p className={styles.line}>
      Skipped behind{" "}
      {bad.map((other) => (
        <button
          key={other.id}
          type="button"
          className={styles.blocker}
          onClick={() => changeQuery({ node: other.id })}
        >
          {other.name}
        </button>
      ))}
    </p>
  );
}

function factsOf(node: RunNode): string {
  const began = node.started_at !== null ? `began ${clock(node.started_at)}` : null;
  const took = node.seconds !== null && node.status !== "skipped" ? duration(node.seconds) : null;
  const rows = node.rows_affected !== null ? `${count(node.rows_affected)} rows` : null;
  const failing = node.failures ? `${count(node.failures)} failing` : null;
  return [began, took, rows, failing].filter(Boolean).join(" · ");
}
