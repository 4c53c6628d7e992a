import { type Route, runHref } from "../features/routes";
import { useActiveRun, useProject } from "../sync/hooks";
import { CommandButton } from "../ui/Button";
import { useCommand } from "../ui/commands/useCommands";
import { count } from "../ui/format";
import { Icon } from "../ui/Icon";
import type { IconName } from "../ui/icons";
import { Kbd } from "../ui/Kbd";
import { Link } from "../ui/Link";
import { Status } from "../ui/Status";
import { theme } from "../ui/theme";
import { useObservable } from "../ui/useObservable";
import { Mark } from "./Mark";
import styles from "./TopBar.module.css";

/** The project, the pages, and what is going on. Its lower edge is the tide line: a run fills it. */
export function TopBar({ route }: { route: Route }) {
  const project = useProject().data;
  const dark = useObservable(theme) === "dark";
  return (
    <header className={styles.bar}>
      <Link href="/" className={styles.brand} aria-label="Tidemill, lineage">
        <Mark />
        <span>Tidemill</span>
      </Link>
      {project && (
        <p className={styles.project} title={`${project.name} on ${project.adapter}`}>
          <strong>{project.name}</strong>
          <span className={styles.target}>
            {project.target} · {project.adapter}
          </span>
        </p>
      )}
      <nav className={styles.pages} aria-label="Pages">
        <PageLink href="/" icon="graph" here={route.page === "lineage"}>
          Lineage
        </PageLink>
        <PageLink href="/runs" icon="runs" here={route.page === "runs" || route.page === "run"}>
          Runs
        </PageLink>
        <PageLink href="/faults" icon="fault" here={route.page === "faults"}>
          Faults
          {project && project.fault_count > 0 && (
            <span className={styles.faults}>{count(project.fault_count)}</span>
          )}
        </PageLink>
      </nav>
      <div className={styles.right}>
        <Going />
        <PaletteButton />
        <CommandButton command="run.new" icon="play" kind="plain" className={styles.build}>
          New run
        </CommandButton>
        <CommandButton
          command="theme.toggle"
          icon={dark ? "sun" : "moon"}
          iconOnly
          kind="quiet"
          className={styles.theme}
        />
      </div>
      <TideLine />
    </header>
  );
}

function PageLink(props: {
  href: string;
  icon: IconName;
  here: boolean;
  children: React.ReactNode;
}) {
  return (
    <Link href={props.href} aria-current={props.here ? "page" : undefined}>
      <Icon name={props.icon} size={15} />
      <span>{props.children}</span>
    </Link>
  );
}

function PaletteButton() {
  const command = useCommand("palette.open");
  return (
    <button type="button" className={styles.palette} onClick={command?.run} title={command?.title}>
      <Icon name="search" size={14} />
      <span>Find or do</span>
      <Kbd keys="mod+k" />
    </button>
  );
}

/** The run that is going on, with the way to its page. */
function Going() {
  const run = useActiveRun();
  if (!run) return null;
  return (
    <Link href={runHref(run.id)} className={styles.going}>
      <Status status="running" />
      {run.command} {count(run.done)} / {count(run.total)}
    </Link>
  );
}

function TideLine() {
  const run = useActiveRun();
  if (!run) return null;
  const bad = (run.counts.error ?? 0) + (run.counts.fail ?? 0) > 0;
  return (
    <div
      className={styles.tide}
      data-bad={bad || undefined}
      style={{ transform: `scaleX(${run.total ? run.done / run.total : 0})` }}
      aria-hidden="true"
    />
  );
}
