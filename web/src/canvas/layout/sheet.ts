/** The sheet that parts are put on, each where there is room: their nodes and lanes get their places. */
import type { Columns } from "./lanes";
import { LEAST_WIDTH, MOST_WIDTH, NODE_GAP, NODE_HEIGHT, type Places } from "./types";

/** One connected part of the graph, laid out for itself. */
export interface Part {
  nodes: number[];
  columns: Columns;
  column: Int32Array;
  /** Tops of the part's nodes, and of its lanes as if they were nodes. */
  y: Float64Array;
  height: number;
}

const NO_LANES: readonly number[] = [];

export class Sheet {
  private readonly y: Float32Array;
  private readonly column: Int32Array;
  private readonly lanes: (readonly number[])[];

  constructor(private readonly widths: Float32Array) {
    this.y = new Float32Array(widths.length);
    this.column = new Int32Array(widths.length);
    this.lanes = Array.from(widths, () => NO_LANES);
  }

  addPart(part: Part, first: number, top: number): void {
    part.nodes.forEach((node, i) => {
      this.y[node] = top + part.y[i]!;
      this.column[node] = first + part.column[i]!;
      const chain = part.columns.chains[i]!;
      this.lanes[node] = chain.map((lane) => top + part.y[lane]! + NODE_HEIGHT / 2);
    });
  }

  addGrid(nodes: number[], top: number, columns: number): void {
    nodes.forEach((node, i) => {
      this.column[node] = i % columns;
      this.y[node] = top + Math.floor(i / columns) * (NODE_HEIGHT + NODE_GAP);
    });
  }

  finished(): Places {
    const columnWidth = widthsOfColumns(this.column, this.widths);
    return { y: this.y, column: this.column, columnWidth, ...joined(this.lanes) };
  }
}

/** As wide as the widest node in each column wants, and no column narrower than in `before`. */
export function widthsOfColumns(
  column: Int32Array,
  wanted: Float32Array,
  before: Float32Array = new Float32Array(0),
): Float32Array {
  const count = column.reduce((a, b) => Math.max(a, b + 1), before.length);
  const widths = new Float32Array(count).fill(LEAST_WIDTH);
  widths.set(before);
  column.forEach((c, node) => {
    widths[c] = Math.max(widths[c]!, Math.min(MOST_WIDTH, wanted[node]!));
  });
  return widths;
}

/** The lanes of all nodes in one list. */
export function joined(lanes: readonly ArrayLike<number>[]): Pick<Places, "laneY" | "laneStarts"> {
  const laneStarts = new Int32Array(lanes.length + 1);
  lanes.forEach((own, node) => {
    laneStarts[node + 1] = laneStarts[node]! + own.length;
  });
  const laneY = new Float32Array(laneStarts.at(-1)!);
  lanes.forEach((own, node) => {
    laneY.set(own, laneStarts[node]);
  });
  return { laneY, laneStarts };
}
