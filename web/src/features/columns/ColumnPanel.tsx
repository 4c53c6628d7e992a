import { type KeyboardEvent, useEffect, useRef } from "react";
import type { GraphNode, LineageGap, NodeLineage } from "../../api/generated";
import {
  type ColumnLine,
  downstreamLines,
  refKey,
  rowLines,
  upstreamLines,
  usesText,
} from "../../document/columns";
import type { ProjectGraph } from "../../document/graph";
import { useColumnLineage, useColumns } from "../../sync/hooks";
import { Icon } from "../../ui/Icon";
import { FaultCard } from "../faults/FaultCard";
import styles from "./ColumnPanel.module.css";

interface PanelProps {
  node: GraphNode;
  /** The column whose lineage is shown, or null. */
  column: string | null;
  graph: ProjectGraph;
  onPick: (column: string | null) => void;
  /** Look at a column of another node. */
  onGo: (node: string, column: string | null) => void;
}

/** The columns of a node. One that is picked shows where it comes from and what it goes into. */
export function ColumnPanel(props: PanelProps) {
  const { node, column, onPick } = props;
  const columns = useColumns(node.id);
  const names = columns.data?.columns ?? [];
  return (
    <section className={styles.panel} aria-label="Columns">
      <h3>
        <Icon name="list" size={14} /> Columns
      </h3>
      {columns.fault && <FaultCard fault={columns.fault} />}
      {columns.data && !names.length && <p className={styles.none}>{noColumns(columns.data)}</p>}
      {names.length > 0 && <Names names={names} picked={column} onPick={onPick} />}
      {names.length > 0 && columns.data?.complete === false && (
        <p className={styles.none}>There may be more: what it reads is not known in full.</p>
      )}
      {column !== null && <Lineage {...props} column={column} />}
    </section>
  );
}

function noColumns({ unknown }: { unknown: string }): string {
  return unknown ? `Its columns are not known: ${unknown}.` : "Its columns are not known.";
}

function Names(props: {
  names: readonly string[];
  picked: string | null;
  onPick: (column: string | null) => void;
}) {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.querySelector("[aria-pressed=true]")?.scrollIntoView({ block: "nearest" });
  }, []);
  const walk = (event: KeyboardEvent) => {
    keepEnter(event);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const buttons = [...(list.current?.querySelectorAll("button") ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    buttons[Math.max(0, Math.min(buttons.length - 1, at + step))]?.focus();
  };
  const isPicked = (name: string) => name.toLowerCase() === props.picked?.toLowerCase();
  return (
    <ul className={styles.names} ref={list} onKeyDown={walk} data-columns>
      {props.names.map((name) => (
        <li key={name}>
          <button
            type="button"
            aria-pressed={isPicked(name)}
            onClick={() => props.onPick(isPicked(name) ? null : name)}
          >
            {name}
          </button>
        </li>
      ))}
    </ul>
  );
}

function Lineage(props: PanelProps & { column: string }) {
  const { node, column } = props;
  const lineage = useColumnLineage(node.id, column);
  if (lineage.fault) return <FaultCard fault={lineage.fault} />;
  const trace = lineage.data?.columns[0];
  if (!lineage.data || !trace) return null;
  return (
    <div className={styles.lineage} aria-live="polite">
      <Lines
        title={`${column} comes from`}
        lines={upstreamLines(trace)}
        none="No column: it is made here."
        {...props}
      />
      <Lines
        title={`${column} goes into`}
        lines={downstreamLines(trace)}
        none="Nothing that is known."
        {...props}
      />
      <Rows lineage={lineage.data} {...props} />
      <Gaps gaps={trace.unknown} graph={props.graph} />
    </div>
  );
}

function Rows({ lineage, ...props }: PanelProps & { lineage: NodeLineage }) {
  const lines = rowLines(lineage);
  if (!lines.length) return null;
  return <Lines title="Its rows depend on" lines={lines} none="" {...props} />;
}

function Lines(props: PanelProps & { title: string; lines: readonly ColumnLine[]; none: string }) {
  return (
    <section>
      <h4>{props.title}</h4>
      {props.lines.length === 0 && <p className={styles.none}>{props.none}</p>}
      <ul className={styles.lines} aria-label={props.title} onKeyDown={keepEnter}>
        {props.lines.map((line, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a column may stand in several places
          <li key={`${refKey(line.ref)} ${i}`} style={{ paddingLeft: `${indent(line)}rem` }}>
            <LineButton line={line} {...props} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Enter picks what is in focus here; on the page it would open the node. */
function keepEnter(event: KeyboardEvent): void {
  if (event.key === "Enter") event.stopPropagation();
}

/** Deep lineages stay readable: only the first steps go further in. */
function indent({ level }: ColumnLine): number {
  return Math.min(level, 6) * 0.75;
}

function LineButton({ line, graph, onGo }: PanelProps & { line: ColumnLine }) {
  const { node, column } = line.ref;
  const known = graph.byId.get(node);
  const name = (
    <>
      <span className={styles.node}>{known?.name ?? node}</span>
      {column && <span className={styles.column}>.{column}</span>}
      {!column && known?.resource_type !== "exposure" && <i> rows</i>}
    </>
  );
  return (
    <>
      {known ? (
        <button type="button" onClick={() => onGo(node, column || null)}>
          {name}
        </button>
      ) : (
        <span>{name}</span>
      )}
      <small>{line.again ? "see above" : usesText(line.uses)}</small>
    </>
  );
}

function Gaps({ gaps, graph }: { gaps: readonly LineageGap[]; graph: ProjectGraph }) {
  if (!gaps.length) return null;
  return (
    <section>
      <h4>Not known</h4>
      <ul className={styles.gaps}>
        {gaps.map((gap) => (
          <li key={`${gap.node} ${gap.column} ${gap.reason}`}>
            <b>
              {graph.byId.get(gap.node)?.name ?? gap.node}
              {gap.column && `.${gap.column}`}
            </b>
            : {gap.reason}
          </li>
        ))}
      </ul>
    </section>
  );
}
