import { Icon } from "./Icon";
import type { IconName } from "./icons";
import styles from "./Status.module.css";

interface Look {
  icon: IconName;
  tone: string;
  word: string;
}

const LOOKS: Record<string, Look> = {
  success: { icon: "check", tone: "good", word: "Success" },
  pass: { icon: "check", tone: "good", word: "Passed" },
  "no-op": { icon: "minus", tone: "idle", word: "Nothing to do" },
  "partial success": { icon: "cross", tone: "bad", word: "Built in part" },
  warn: { icon: "warning", tone: "warn", word: "Warning" },
  error: { icon: "cross", tone: "bad", word: "Error" },
  fail: { icon: "cross", tone: "bad", word: "Failed" },
  failed: { icon: "cross", tone: "bad", word: "Failed" },
  crashed: { icon: "unplugged", tone: "bad", word: "Crashed" },
  skipped: { icon: "skip", tone: "idle", word: "Skipped" },
  cancelled: { icon: "minus", tone: "idle", word: "Cancelled" },
  pending: { icon: "clock", tone: "idle", word: "Waiting" },
};

const UNKNOWN: Look = { icon: "minus", tone: "idle", word: "Not run" };

export function statusWord(status: string | null): string {
  if (status === "running") return "Running";
  return status ? (LOOKS[status]?.word ?? status) : UNKNOWN.word;
}

/** How something stands: a mark whose shape says it as well as its colour, and optionally the word. */
export function Status({ status, withWord }: { status: string | null; withWord?: boolean }) {
  const look = (status && LOOKS[status]) || UNKNOWN;
  const word = statusWord(status);
  const tone = status === "running" ? styles.running : styles[look.tone];
  return (
    <span className={`${styles.status} ${tone}`} title={withWord ? undefined : word}>
      {status === "running" ? (
        <span className={styles.water} />
      ) : (
        <Icon name={look.icon} size={13} />
      )}
      <span className={withWord ? undefined : "visually-hidden"}>{word}</span>
    </span>
  );
}
