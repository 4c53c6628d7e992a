import { useMemo, useRef, useState } from "react";
import type { GraphNode } from "../../api/generated";
import { groupOf } from "../../canvas/colouring";
import type { ProjectGraph } from "../../document/graph";
import { type ShownStates, shownOf } from "../../document/states";
import { Link } from "../../ui/Link";
import { VirtualRows } from "../../ui/VirtualRows";
import { NodeName } from "../NodeName";
import { nodeHref } from "../routes";
import styles from "./NodeList.module.css";

type Column = "name" | "kind" | "state" | "tests" | "parents" | "children" | "path";

interface Row {
  node: GraphNode;
  state: string;
  colour: string;
  parents: number;
  children: number;
}

const COLUMNS: readonly { id: Column; title: string; number?: boolean }[] = [
  { id: "name", title: "Name" },
  { id: "kind", title: "Kind" },
  { id: "state", title: "State" },
  { id: "tests", title: "Tests", number: true },
  { id: "parents", title: "Parents", number: true },
  { id: "children", title: "Children", number: true },
  { id: "path", title: "File" },
];

/** The same nodes as a table: for screen readers, and for whoever would rather read than look. */
export function NodeList(props: {
  graph: ProjectGraph;
  states: ShownStates;
  selected: ReadonlySet<string> | null;
}) {
  const { graph, states, selected } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [order, setOrder] = useState<{ by: Column; down: boolean }>({ by: "name", down: false });
  const rows = useMemo(
    () => sorted(rowsOf(graph, states, selected), order.by, order.down),
    [graph, states, selected, order],
  );
  const turn = (by: Column) =>
    setOrder((old) => ({ by, down: old.by === by ? !old.down : isNumber(by) }));
  return (
    <div className={styles.table} ref={scroller} role="table" aria-rowcount={rows.length + 1}>
      <div className={`${styles.row} ${styles.head}`} role="row" aria-rowindex={1}>
        {COLUMNS.map((column) => (
          <div
            key={column.id}
            role="columnheader"
            aria-sort={sortOf(order, column.id)}
            className={column.number ? styles.number : undefined}
          >
            <button type="button" onClick={() => turn(column.id)}>
              {column.title}
              {order.by === column.id && <span aria-hidden="true">{order.down ? " ↓" : " ↑"}</span>}
            </button>
          </div>
        ))}
      </div>
      <VirtualRows count={rows.length} height={30} scroller={scroller}>
        {(index) => <NodeRow key={rows[index]!.node.id} row={rows[index]!} index={index + 2} />}
      </VirtualRows>
    </div>
  );
}

function NodeRow({ row, index }: { row: Row; index: number }) {
  const { node } = row;
  const kind = [...new Set([node.resource_type, node.materialized])].filter(Boolean).join(" · ");
  const cells = [
    <Link key="name" href={nodeHref(node.id)}>
      <NodeName node={node} />
    </Link>,
    kind,
    <span key="state" className={styles.state}>
      <span className={styles.swatch} style={{ background: `var(--${row.colour})` }} /> {row.state}
    </span>,
    node.test_count || "",
    row.parents || "",
    row.children || "",
    node.path,
  ];
  return (
    <div className={styles.row} role="row" aria-rowindex={index}>
      {COLUMNS.map((column, i) => (
        <div key={column.id} role="cell" className={column.number ? styles.number : undefined}>
          {cells[i]}
        </div>
      ))}
    </div>
  );
}

function rowsOf(
  graph: ProjectGraph,
  states: ShownStates,
  selected: ReadonlySet<string> | null,
): Row[] {
  return graph.nodes
    .filter((node) => !selected || selected.has(node.id))
    .map((node) => {
      const group = groupOf("state", node, shownOf(states, node.id));
      const parents = graph.parents.get(node.id)?.length ?? 0;
      const children = graph.children.get(node.id)?.length ?? 0;
      return { node, state: group.label, colour: group.colour, parents, children };
    });
}

function sorted(rows: Row[], by: Column, down: boolean): Row[] {
  const sign = down ? -1 : 1;
  return rows.sort((a, b) => {
    const [x, y] = [sortValue(a, by), sortValue(b, by)];
    const order = typeof x === "number" ? x - (y as number) : x.localeCompare(y as string);
    return sign * order || a.node.name.localeCompare(b.node.name);
  });
}

function sortValue(row: Row, by: Column): string | number {
  switch (by) {
    case "name":
      return row.node.name;
    case "kind":
      return `${row.node.resource_type} ${row.node.materialized ?? ""}`;
    case "state":
      return row.state;
    case "tests":
      return row.node.test_count;
    case "parents":
      return row.parents;
    case "children":
      return row.children;
    case "path":
      return row.node.path;
  }
}

const isNumber = (by: Column) => COLUMNS.find((column) => column.id === by)?.number ?? false;

function sortOf(order: { by: Column; down: boolean }, id: Column) {
  if (order.by !== id) return "none";
  return order.down ? "descending" : "ascending";
}
