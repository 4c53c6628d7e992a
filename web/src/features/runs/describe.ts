/** A run in words: what was asked for, and how it went. Pure. */
import type { RunSummary } from "../../api/generated";
import { requestOf } from "../../document/run";
import { counted } from "../../ui/format";

/** `build +orders`, as one would type it. */
export function runCommand(run: RunSummary): string {
  const { select, exclude, full } = requestOf(run);
  return [
    run.command,
    select && `--select ${select}`,
    exclude && `--exclude ${exclude}`,
    full && "--full-refresh",
  ]
    .filter(Boolean)
    .join(" ");
}

/** `build +orders`, short, for titles and lists. */
export function runTitle(run: RunSummary): string {
  const { select, exclude } = requestOf(run);
  const without = exclude && ` without ${exclude}`;
  return `${run.command} ${select || "everything"}${without}`;
}

const WORDS: readonly [string, (n: number) => string][] = [
  ["error", (n) => counted(n, "error")],
  ["partial success", (n) => `${n} built in part`],
  ["fail", (n) => `${counted(n, "test")} failed`],
  ["warn", (n) => counted(n, "warning")],
  ["success", (n) => `${n} built`],
  ["pass", (n) => `${counted(n, "test")} passed`],
  ["no-op", (n) => `${n} with nothing to do`],
  ["skipped", (n) => `${n} skipped`],
  ["cancelled", (n) => `${n} cancelled`],
];

/** `1 error, 12 built, 30 tests passed`: the worst first. */
export function outcome(counts: Record<string, number>): string {
  return WORDS.flatMap(([status, word]) => (counts[status] ? [word(counts[status])] : [])).join(
    ", ",
  );
}
