import type { NodeDetail } from "../../api/generated";
import { ago, count, duration } from "../../ui/format";
import { Link } from "../../ui/Link";
import { Status } from "../../ui/Status";
import { runHref } from "../routes";
import { useNow } from "../useNow";
import styles from "./NodePage.module.css";

/** How the node stands after its newest run, with the way to that run. */
export function NodeState({ node }: { node: NodeDetail }) {
  const now = useNow(15_000);
  const run = node.last_run;
  if (!run) return null;
  const facts = [
    run.finished_at && ago(run.finished_at, now),
    run.seconds !== null && run.status !== "skipped" && duration(run.seconds),
    run.rows_affected !== null && `${count(run.rows_affected)} rows`,
  ].filter(Boolean);
  return (
    <span className={styles.state}>
      <Status status={run.status} withWord />
      <Link href={runHref(run.run_id)}>{facts.join(" · ") || "see the run"}</Link>
    </span>
  );
}
