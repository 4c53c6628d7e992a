import { useRef } from "react";
import type { Rows } from "../../api/generated";
import { useRows } from "../../sync/hooks";
import { CommandButton } from "../../ui/Button";
import { CopyButton } from "../../ui/Copy";
import { Empty, Loading } from "../../ui/Empty";
import { counted } from "../../ui/format";
import { VirtualRows } from "../../ui/VirtualRows";
import { ResourceFault } from "../faults/ResourceFault";
import { alignsRight, asTabs, cellText, widthOf } from "./cells";
import styles from "./RowsTab.module.css";

const LIMIT = 500;
const ROW = 26;

/** The first rows of what was built. */
export function RowsTab({ id }: { id: string }) {
  const rows = useRows(id, LIMIT);
  if (rows.fault?.code === "not-built") {
    return (
      <Empty title="Not built yet">
        <p>{rows.fault.message}</p>
        <CommandButton command="node.build" icon="play" kind="primary" />
      </Empty>
    );
  }
  if (rows.data) return <RowsTable rows={rows.data} />;
  if (rows.fault) return <ResourceFault fault={rows.fault} resource={`rows:${id}`} />;
  return <Loading what="rows" />;
}

function RowsTable({ rows: { columns, rows, truncated } }: { rows: Rows }) {
  const scroller = useRef<HTMLDivElement>(null);
  const widths = columns.map((column, i) => widthOf(column, rows, i));
  const template = `3.5rem ${widths.map((width) => `${width}px`).join(" ")}`;
  return (
    <div className={styles.tab}>
      <header className={styles.head}>
        <p>
          {truncated ? `The first ${counted(rows.length, "row")}` : counted(rows.length, "row")},{" "}
          {counted(columns.length, "column")}
        </p>
        <CopyButton text={asTabs(columns, rows)} what="as a table" />
      </header>
      <div
        className={styles.table}
        ref={scroller}
        role="table"
        aria-label="First rows"
        aria-rowcount={rows.length + 1}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
        tabIndex={0}
      >
        <div className={styles.columns} role="row" style={{ gridTemplateColumns: template }}>
          <span />
          {columns.map((column) => (
            <span
              key={column.name}
              role="columnheader"
              data-right={alignsRight(column) || undefined}
              title={`${column.name} ${column.type}`}
            >
              {column.name}
              <small>{column.type.toLowerCase()}</small>
            </span>
          ))}
        </div>
        {rows.length === 0 && <p className={styles.none}>It is built, and it has no rows.</p>}
        <VirtualRows count={rows.length} height={ROW} scroller={scroller}>
          {(index) => (
            <div
              key={index}
              role="row"
              aria-rowindex={index + 2}
              className={styles.row}
              style={{ gridTemplateColumns: template }}
            >
              <span className={styles.number}>{index + 1}</span>
              {columns.map((column, i) => (
                <Cell key={column.name} value={rows[index]?.[i]} right={alignsRight(column)} />
              ))}
            </div>
          )}
        </VirtualRows>
      </div>
    </div>
  );
}

function Cell({ value, right }: { value: unknown; right: boolean }) {
  const text = cellText(value);
  return (
    <span role="cell" data-right={right || undefined} title={text ?? "null"}>
      {text === null ? <em className={styles.null}>null</em> : text}
    </span>
  );
}
