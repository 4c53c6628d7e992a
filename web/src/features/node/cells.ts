/** How values of a table are written in its preview. Pure. */
import type { RowColumn } from "../../api/generated";

const NUMBERS = /^(u?(tiny|small|big|huge)?int(eger|\d+)?|float\d*|double|real|decimal|numeric)\b/i;

export function alignsRight({ type }: RowColumn): boolean {
  return NUMBERS.test(type) && !type.endsWith("]");
}

/** The text of a cell; null stays null, because it is not the text "null". */
export function cellText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return JSON.stringify(value);
}

const LETTER = 7.4;
const PADDING = 26;
const SAMPLE = 60;

/** A column wide enough for its heading and for most of what is in it, in pixels. */
export function widthOf(column: RowColumn, rows: readonly unknown[][], index: number): number {
  const lengths = rows.slice(0, SAMPLE).map((row) => cellText(row[index])?.length ?? 4);
  const longest = Math.max(column.name.length, column.type.length * 0.85, ...lengths);
  return Math.round(Math.min(360, Math.max(72, longest * LETTER + PADDING)));
}

/** The rows as a spreadsheet takes them from the clipboard. */
export function asTabs(columns: readonly RowColumn[], rows: readonly unknown[][]): string {
  const clean = (value: unknown) => (cellText(value) ?? "").replace(/[\t\n\r]+/g, " ");
  const lines = rows.map((row) => row.map(clean).join("\t"));
  return [columns.map((column) => column.name).join("\t"), ...lines].join("\n");
}
