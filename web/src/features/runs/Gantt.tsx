import { type KeyboardEvent, useEffect, useRef } from "react";
import type { RunDetail, RunNode } from "../../api/generated";
import { barOf, spanOf, type TimeSpan, ticksOf } from "../../document/chart";
import { standingOf } from "../../document/states";
import { count, duration, stopwatch } from "../../ui/format";
import { Icon } from "../../ui/Icon";
import { typeIcon } from "../../ui/icons";
import { Status } from "../../ui/Status";
import { VirtualRows } from "../../ui/VirtualRows";
import styles from "./Gantt.module.css";

const ROW = 28;
const NARROW = 720;

/** Every node of a run with its time as a bar. Follows the work while nobody scrolls away from it. */
export function Gantt(props: {
  run: RunDetail;
  nodes: readonly RunNode[];
  now: number;
  chosen: string | null;
  onChoose: (id: string) => void;
}) {
  const { run, nodes, now, chosen } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const span = spanOf(run, now);
  useFollow(scroller, run, nodes);
  const walk = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (!step || !nodes.length) return;
    event.preventDefault();
    const at = nodes.findIndex((node) => node.id === chosen);
    const next = Math.min(nodes.length - 1, Math.max(0, at + step));
    props.onChoose(nodes[next]!.id);
    keepInView(scroller.current, next);
  };
  return (
    <div
      className={styles.gantt}
      ref={scroller}
      role="table"
      aria-label="Nodes of the run"
      aria-rowcount={nodes.length + 1}
      onKeyDown={walk}
    >
      <Axis span={span} />
      {nodes.length === 0 && <p className={styles.none}>Nothing to show here.</p>}
      <VirtualRows count={nodes.length} height={ROW} scroller={scroller}>
        {(index) => {
          const node = nodes[index];
          if (!node) return null;
          return (
            <Row
              key={node.id}
              node={node}
              index={index + 2}
              span={span}
              now={now}
              chosen={node.id === chosen}
              onChoose={props.onChoose}
            />
          );
        }}
      </VirtualRows>
    </div>
  );
}

function Axis({ span }: { span: TimeSpan }) {
  const whole = span.end - span.start;
  return (
    <div className={`${styles.row} ${styles.axis}`} role="row" aria-rowindex={1}>
      <HeadCell />
      <HeadCell name="Node" />
      <div className={styles.track} role="columnheader" aria-label="Time">
        {ticksOf(span, window.innerWidth < NARROW ? 2 : 6).map((tick) => (
          <span key={tick} className={styles.tick} style={{ left: `${(tick / whole) * 100}%` }}>
            {tick === 0 ? "0" : tickLabel(tick, whole)}
          </span>
        ))}
      </div>
      <HeadCell name="Time" right />
      <HeadCell name="Rows" right />
    </div>
  );
}

function tickLabel(tick: number, whole: number): string {
  if (whole < 0.5) return `${Math.round(tick * 1000)} ms`;
  if (whole < 60) return `${Number(tick.toFixed(2))} s`;
  const seconds = Math.round(tick % 60);
  return `${Math.floor(tick / 60)}:${String(seconds).padStart(2, "0")}`;
}

function HeadCell({ name, right }: { name?: string; right?: boolean }) {
  return (
    <div role="columnheader" className={right ? styles.number : undefined}>
      {name ?? <span className="visually-hidden">State</span>}
    </div>
  );
}

function Row(props: {
  node: RunNode;
  index: number;
  span: TimeSpan;
  now: number;
  chosen: boolean;
  onChoose: (id: string) => void;
}) {
  const { node, now } = props;
  const bar = barOf(node, props.span, now);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the name in the row is a button
    <div
      className={styles.row}
      role="row"
      aria-rowindex={props.index}
      data-chosen={props.chosen || undefined}
      data-standing={standingOf(node.status)}
      onClick={() => props.onChoose(node.id)}
    >
      <Cell>
        <Status status={node.status} />
      </Cell>
      <Cell>
        <button type="button" className={styles.name} aria-pressed={props.chosen} title={node.name}>
          <Icon name={typeIcon(node.resource_type)} size={13} />
          <span>{node.name}</span>
        </button>
      </Cell>
      <div className={styles.track} role="cell">
        {bar && (
          <span
            className={styles.bar}
            style={{ left: `${bar.left * 100}%`, width: `${bar.width * 100}%` }}
          />
        )}
      </div>
      <Cell right>{timeText(node, now)}</Cell>
      <Cell right>{rowsText(node)}</Cell>
    </div>
  );
}

function Cell({ children, right }: { children: React.ReactNode; right?: boolean }) {
  return (
    <div role="cell" className={right ? styles.number : styles.cell}>
      {children}
    </div>
  );
}

function timeText(node: RunNode, now: number): string {
  if (node.status === "running" && node.started_at !== null) {
    return stopwatch(now - node.started_at);
  }
  if (node.seconds === null || node.status === "skipped") return "";
  return duration(node.seconds);
}

function rowsText(node: RunNode): string {
  if (node.failures) return `${count(node.failures)} failing`;
  return node.rows_affected === null ? "" : count(node.rows_affected);
}

/** While a run goes on, keep the first running node on screen, until somebody scrolls elsewhere. */
function useFollow(
  scroller: React.RefObject<HTMLDivElement | null>,
  run: RunDetail,
  nodes: readonly RunNode[],
) {
  const following = useRef(true);
  const place = nodes.findIndex((node) => node.status === "running");
  useEffect(() => {
    const element = scroller.current;
    const stop = () => {
      following.current = false;
    };
    element?.addEventListener("wheel", stop, { passive: true });
    element?.addEventListener("pointerdown", stop);
    return () => {
      element?.removeEventListener("wheel", stop);
      element?.removeEventListener("pointerdown", stop);
    };
  }, [scroller]);
  useEffect(() => {
    if (run.status === "running" && following.current && place >= 0) {
      keepInView(scroller.current, place, 6);
    }
  }, [scroller, run.status, place]);
}

/** Scroll so that a row, and a few after it, can be seen below the sticky axis. */
function keepInView(scroller: HTMLElement | null, index: number, spare = 0): void {
  if (!scroller) return;
  const top = index * ROW;
  const bottom = (index + 2 + spare) * ROW;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  else if (bottom > scroller.scrollTop + scroller.clientHeight) {
    scroller.scrollTop = bottom - scroller.clientHeight;
  }
}
