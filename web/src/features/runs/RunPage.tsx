import { useMemo } from "react";
import type { RunDetail, RunNode } from "../../api/generated";
import { requestOf } from "../../document/run";
import { isUnmet, standingOf } from "../../document/states";
import { useReadOnly, useRun } from "../../sync/hooks";
import { CommandButton } from "../../ui/Button";
import { CopyButton } from "../../ui/Copy";
import type { Command } from "../../ui/commands/registry";
import { useCommands } from "../../ui/commands/useCommands";
import { Loading } from "../../ui/Empty";
import { ago, count, dateTime, duration, stopwatch } from "../../ui/format";
import { Link } from "../../ui/Link";
import { changeQuery, location, navigate } from "../../ui/location";
import { Segmented } from "../../ui/Segmented";
import { Status } from "../../ui/Status";
import { useObservable } from "../../ui/useObservable";
import { ResourceFault } from "../faults/ResourceFault";
import { lineageHref, runsHref } from "../routes";
import { useNow } from "../useNow";
import { useTitle } from "../useTitle";
import { outcome, runCommand, runTitle } from "./describe";
import { Gantt } from "./Gantt";
import { Messages } from "./Messages";
import { Progress } from "./Progress";
import { RunNodeDetail } from "./RunNodeDetail";
import styles from "./RunPage.module.css";
import { cancelRun, startRun } from "./startRun";

/** One run, while it happens and afterwards. */
export function RunPage({ id }: { id: string }) {
  const run = useRun(id);
  const mark =
    run.data && { running: "● ", failed: "✕ ", crashed: "✕ " }[run.data.status as string];
  useTitle(run.data ? (mark ?? "") + runTitle(run.data) : "Run");
  if (!run.data) {
    if (run.fault) return <ResourceFault fault={run.fault} resource={`run:${id}`} />;
    return <Loading what="the run" />;
  }
  return <Run run={run.data} />;
}

type Filter = "all" | "problems" | "running";

function Run({ run }: { run: RunDetail }) {
  const running = run.status === "running";
  const now = useNow(running ? 200 : null);
  const { query } = useObservable(location);
  const filter = (query.get("show") ?? "all") as Filter;
  const shown = useMemo(() => filtered(run.nodes, filter), [run.nodes, filter]);
  const asked = query.get("node");
  const chosen = chosenNode(run, asked);
  useRunCommands(run);
  return (
    <div className={styles.run}>
      <Head run={run} now={now} />
      <div className={styles.filter}>
        <Segmented
          label="Show"
          name="show"
          options={filterOptions(run)}
          value={filter}
          onChange={(value) => changeQuery({ show: value === "all" ? null : value })}
        />
        <span className={styles.outcome}>{outcome(run.counts)}</span>
      </div>
      <div className={styles.body}>
        <Gantt
          run={run}
          nodes={shown}
          now={now}
          chosen={chosen?.id ?? null}
          onChoose={(node) => changeQuery({ node: node === asked ? null : node })}
        />
        <aside className={styles.side} aria-label="Details">
          {chosen && <RunNodeDetail node={chosen} run={run} />}
          <Messages run={run} />
        </aside>
      </div>
    </div>
  );
}

function Head({ run, now }: { run: RunDetail; now: number }) {
  const running = run.status === "running";
  const seconds = run.seconds ?? (running ? now - run.started_at : null);
  return (
    <header className={styles.head}>
      <div className={styles.titleRow}>
        <nav aria-label="Breadcrumb">
          <Link href={runsHref}>Runs</Link> <span aria-hidden="true">/</span>
        </nav>
        <h1>{runTitle(run)}</h1>
        <CopyButton text={`tidemill ${runCommand(run)}`} what="as a command" />
        <div className={styles.actions}>
          {running ? (
            <CommandButton command="run.cancel" icon="stop" kind="danger">
              Cancel
            </CommandButton>
          ) : (
            <>
              <CommandButton command="run.failed" icon="again" className={styles.failedAction}>
                Build what failed
              </CommandButton>
              <CommandButton command="run.again" icon="again" kind="primary">
                Run again
              </CommandButton>
            </>
          )}
        </div>
      </div>
      <dl className={styles.facts}>
        <div>
          <dt className="visually-hidden">Status</dt>
          <dd>
            <Status status={run.status} withWord />
          </dd>
        </div>
        <Fact name="Done" value={`${count(run.done)} of ${count(run.total)}`} />
        <Fact
          name="Time"
          value={seconds === null ? "unknown" : running ? stopwatch(seconds) : duration(seconds)}
        />
        <Fact
          name="Started"
          value={ago(run.started_at, Date.now() / 1000)}
          title={dateTime(run.started_at)}
        />
        <Fact name="Target" value={run.target} />
        {run.threads > 0 && <Fact name="Threads" value={String(run.threads)} />}
        {run.source && <Fact name="From" value={run.source} />}
      </dl>
      <Progress run={run} />
      {run.status === "crashed" && (
        <p className={styles.crashed}>
          The process that ran this is gone. What it had finished is kept; the next build starts
          from there.
        </p>
      )}
    </header>
  );
}

function Fact({ name, value, title }: { name: string; value: string; title?: string }) {
  return (
    <div title={title}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

const isProblem = ({ status }: RunNode) => isUnmet(status) || status === "warn";

function filtered(nodes: readonly RunNode[], filter: Filter): readonly RunNode[] {
  if (filter === "problems") return nodes.filter(isProblem);
  if (filter === "running") return nodes.filter((node) => node.status === "running");
  return nodes;
}

function filterOptions(run: RunDetail): { value: Filter; label: string }[] {
  const options: { value: Filter; label: string }[] = [
    { value: "all", label: `All ${count(run.nodes.length)}` },
    { value: "problems", label: `Problems ${count(run.nodes.filter(isProblem).length)}` },
  ];
  if (run.status === "running") options.push({ value: "running", label: "Running" });
  return options;
}

/** The node asked for; without one, the first that failed, so that the reason is there at once. */
function chosenNode(run: RunDetail, asked: string | null): RunNode | null {
  if (asked) return run.nodes.find((node) => node.id === asked) ?? null;
  return run.nodes.find((node) => standingOf(node.status) === "error") ?? null;
}

function useRunCommands(run: RunDetail): void {
  const readOnly = useReadOnly();
  useCommands(() => runCommands(run, readOnly), [run.id, run.status, run.done, readOnly]);
}

function runCommands(run: RunDetail, readOnly: boolean): Command[] {
  const section = "Run";
  const again = requestOf(run);
  const failed = run.nodes.filter((node) => isUnmet(node.status));
  const known = ["build", "run", "test", "seed"].includes(run.command);
  return [
    {
      id: "run.again",
      title: `Run again: ${runTitle(run)}`,
      section,
      words: "rerun retry repeat",
      disabled: readOnly || run.status === "running" || !known,
      run: () =>
        void startRun({
          command: run.command as "build",
          select: again.select,
          exclude: again.exclude,
          full_refresh: again.full,
        }),
    },
    {
      id: "run.failed",
      title: "Build what failed or was skipped",
      section,
      words: "retry",
      disabled: readOnly || run.status === "running" || failed.length === 0,
      run: () => void startRun({ select: failed.map((node) => node.name).join(" ") }),
    },
    {
      id: "run.cancel",
      title: "Cancel this run",
      section,
      words: "stop abort",
      disabled: run.status !== "running",
      run: () => void cancelRun(run.id),
    },
    {
      id: "run.lineage",
      title: "Show this run's selection in the lineage",
      section,
      run: () => navigate(lineageHref({ select: again.select })),
    },
  ];
}
