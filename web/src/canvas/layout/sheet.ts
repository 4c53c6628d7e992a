/**
 * The sheet that parts are put on. Everything is gathered in columns first, since a column's place is
 * known only when the widths of all columns before it are; then it becomes coordinates.
 */
import type { Columns } from "./lanes";
import { COLUMN_GAP, type Layout, LEAST_WIDTH, MOST_WIDTH, NODE_GAP, NODE_HEIGHT } from "./types";

/** One connected part of the graph, laid out for itself. */
export interface Part {
  nodes: number[];
  /** Places of the part's edges in the input. */
  edges: number[];
  columns: Columns;
  column: Int32Array;
  /** Tops of the part's nodes, and of its lanes as if they were nodes. */
  y: Float64Array;
  height: number;
}

/** A side of a column: twice the column, plus one for its right side. */
const leftOf = (column: number) => column * 2;
const rightOf = (column: number) => column * 2 + 1;

export class Sheet {
  private readonly y: Float32Array;
  private readonly column: Int32Array;
  /** side1, y1, side2, y2 of each piece. */
  private readonly pieces: number[] = [];
  private readonly routes: number[][];

  constructor(
    private readonly widths: Float32Array,
    edgeCount: number,
  ) {
    this.y = new Float32Array(widths.length);
    this.column = new Int32Array(widths.length);
    this.routes = Array.from({ length: edgeCount }, () => []);
  }

  addPart(part: Part, first: number, top: number): void {
    part.nodes.forEach((node, i) => {
      this.y[node] = top + part.y[i]!;
      this.column[node] = first + part.column[i]!;
    });
    const known = new Map<string, number>();
    part.edges.forEach((edge, i) => {
      this.routes[edge] = this.route(part, part.columns.routes[i]!, first, top, known);
    });
  }

  addGrid(nodes: number[], top: number, columns: number): void {
    nodes.forEach((node, i) => {
      this.column[node] = i % columns;
      this.y[node] = top + Math.floor(i / columns) * (NODE_HEIGHT + NODE_GAP);
    });
  }

  finished(): Layout {
    const columnWidth = this.columnWidths();
    const columnX = new Float32Array(columnWidth.length);
    for (let c = 1; c < columnX.length; c++) {
      columnX[c] = columnX[c - 1]! + columnWidth[c - 1]! + COLUMN_GAP;
    }
    const xOf = (side: number) => columnX[side >> 1]! + (side & 1 ? columnWidth[side >> 1]! : 0);
    const pieces = Float32Array.from(this.pieces, (value, i) => (i % 2 ? value : xOf(value)));
    const edgeStarts = new Int32Array(this.routes.length + 1);
    this.routes.forEach((route, i) => {
      edgeStarts[i + 1] = edgeStarts[i]! + route.length;
    });
    const last = columnX.length - 1;
    return {
      x: Float32Array.from(this.column, (column) => columnX[column]!),
      y: this.y,
      column: this.column,
      columnX,
      columnWidth,
      pieces,
      edgeStarts,
      edgePieces: Int32Array.from(this.routes.flat()),
      width: last < 0 ? 0 : columnX[last]! + columnWidth[last]!,
      height: this.y.reduce((a, b) => Math.max(a, b + NODE_HEIGHT), 0),
    };
  }

  private columnWidths(): Float32Array {
    const count = this.column.reduce((a, b) => Math.max(a, b + 1), 0);
    const widths = new Float32Array(count).fill(LEAST_WIDTH);
    this.column.forEach((column, node) => {
      const wanted = Math.min(MOST_WIDTH, this.widths[node]!);
      widths[column] = Math.max(widths[column]!, wanted);
    });
    return widths;
  }

  /** Pieces of one edge; pieces that several edges share are made once. */
  private route(
    part: Part,
    items: number[],
    first: number,
    top: number,
    known: Map<string, number>,
  ): number[] {
    const made: number[] = [];
    const { realCount } = part.columns;
    const start = first + part.column[items[0]!]!;
    const yOf = (item: number) => top + part.y[item]! + NODE_HEIGHT / 2;
    for (let i = 0; i + 1 < items.length; i++) {
      const a = items[i]!;
      const b = items[i + 1]!;
      const next = b < realCount ? first + part.column[b]! : start + i + 1;
      made.push(this.piece(known, `${a}-${b}`, rightOf(start + i), yOf(a), leftOf(next), yOf(b)));
      if (b >= realCount) {
        made.push(this.piece(known, `${b}`, leftOf(next), yOf(b), rightOf(next), yOf(b)));
      }
    }
    return made;
  }

  private piece(
    known: Map<string, number>,
    name: string,
    side1: number,
    y1: number,
    side2: number,
    y2: number,
  ): number {
    const there = known.get(name);
    if (there !== undefined) return there;
    const index = this.pieces.length / 4;
    this.pieces.push(side1, y1, side2, y2);
    known.set(name, index);
    return index;
  }
}
