import { useState } from "react";
import { api } from "../../api/client";
import type { RunSummary } from "../../api/generated";
import { summaryOf } from "../../document/run";
import { useActiveRun, useRunList } from "../../sync/hooks";
import { RUN_PAGE } from "../../sync/session";
import { Button, CommandButton } from "../../ui/Button";
import { Empty, Loading } from "../../ui/Empty";
import { ago, count, dateTime, duration, stopwatch } from "../../ui/format";
import { Link } from "../../ui/Link";
import { Status } from "../../ui/Status";
import { ResourceFault } from "../faults/ResourceFault";
import page from "../Page.module.css";
import { runHref } from "../routes";
import { useNow } from "../useNow";
import { useTitle } from "../useTitle";
import { outcome, runTitle } from "./describe";
import { Progress } from "./Progress";
import styles from "./RunsPage.module.css";
import { tellFault } from "./startRun";

/** What was run, newest first; the one going on moves. */
export function RunsPage() {
  const list = useRunList();
  useTitle("Runs");
  if (!list.data) {
    if (list.fault) return <ResourceFault fault={list.fault} resource="runs" />;
    return <Loading what="runs" />;
  }
  if (list.data.length === 0) {
    return (
      <Empty title="Nothing has run yet">
        <p>
          Build the project, here or with <code>tidemill build</code>: every run is kept with its
          results.
        </p>
        <CommandButton command="run.new" icon="play" kind="primary">
          Start the first run
        </CommandButton>
      </Empty>
    );
  }
  return <RunList first={list.data} />;
}

function RunList({ first }: { first: readonly RunSummary[] }) {
  const { runs, more, loadMore } = useOlder(first);
  const active = useActiveRun();
  const now = useNow(active ? 200 : 15_000);
  return (
    <div className={page.scroll}>
      <div className={page.column}>
        <header className={page.head}>
          <h1>Runs</h1>
          <CommandButton command="run.new" icon="play" kind="primary">
            New run
          </CommandButton>
        </header>
        <ol className={styles.runs}>
          {runs.map((run) => (
            <li key={run.id}>
              <RunRow run={active?.id === run.id ? summaryOf(active) : run} now={now} />
            </li>
          ))}
        </ol>
        {more && (
          <div>
            <Button onClick={loadMore}>Older runs</Button>
          </div>
        )}
      </div>
    </div>
  );
}

function RunRow({ run, now }: { run: RunSummary; now: number }) {
  const seconds = run.seconds ?? (run.status === "running" ? now - run.started_at : null);
  const running = run.status === "running";
  return (
    <Link href={runHref(run.id)} className={styles.run}>
      <span className={styles.status}>
        <Status status={run.status} withWord />
      </span>
      <span className={styles.what}>
        <span className={styles.title}>{runTitle(run)}</span>
        <span className={styles.outcome}>{outcome(run.counts) || "Nothing done yet"}</span>
      </span>
      <span className={styles.progress}>
        <Progress run={run} />
        <span>
          {count(run.done)} of {count(run.total)}
        </span>
      </span>
      <span className={styles.seconds}>
        {seconds === null ? "" : running ? stopwatch(seconds) : duration(seconds)}
      </span>
      <time className={styles.when} title={dateTime(run.started_at)}>
        {ago(run.started_at, now)}
      </time>
    </Link>
  );
}

/** Older runs, fetched page by page behind the newest ones. */
function useOlder(first: readonly RunSummary[]) {
  const [older, setOlder] = useState<readonly RunSummary[]>([]);
  const [ended, setEnded] = useState(false);
  const known = new Set(first.map((run) => run.id));
  const runs = [...first, ...older.filter((run) => !known.has(run.id))];
  const loadMore = async () => {
    try {
      const next = (await api.runs(RUN_PAGE, runs.at(-1)!.id)).runs;
      setOlder((old) => [...old, ...next]);
      setEnded(next.length < RUN_PAGE);
    } catch (error) {
      tellFault(error);
    }
  };
  return { runs, more: !ended && first.length >= RUN_PAGE, loadMore };
}
