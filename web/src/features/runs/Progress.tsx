import type { RunSummary } from "../../api/generated";
import styles from "./Progress.module.css";

const PARTS = [
  ["success", "good"],
  ["pass", "good"],
  ["no-op", "good"],
  ["warn", "warn"],
  ["partial success", "bad"],
  ["error", "bad"],
  ["fail", "bad"],
  ["skipped", "idle"],
  ["cancelled", "idle"],
] as const;

/** How far a run is, and how it goes, as one line of water. */
export function Progress({ run }: { run: RunSummary }) {
  const total = run.total || 1;
  return (
    <div
      className={styles.progress}
      role="progressbar"
      aria-label="Progress"
      aria-valuemin={0}
      aria-valuemax={run.total}
      aria-valuenow={run.done}
      data-running={run.status === "running" || undefined}
    >
      {PARTS.map(([status, tone]) => (
        <span
          key={status}
          className={run.counts[status] ? `${styles.some} ${styles[tone]}` : styles[tone]}
          style={{ width: `${((run.counts[status] ?? 0) / total) * 100}%` }}
        />
      ))}
    </div>
  );
}
