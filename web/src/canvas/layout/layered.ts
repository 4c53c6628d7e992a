/**
 * The layered layout, step by step: parts, columns (spread where they are too tall), lanes, order,
 * heights, then the parts packed on one sheet. Pure and deterministic: the same graph always gives the same picture.
 */
import { heightsOf } from "./heights";
import { type Columns, makeColumns } from "./lanes";
import { orderColumns } from "./order";
import { connectedParts } from "./parts";
import { adjacencyOf, ranksOf } from "./ranks";
import { spreadRanks } from "./spread";
import {
  COLUMN_GAP,
  type Layout,
  type LayoutInput,
  NODE_GAP,
  NODE_HEIGHT,
  NODE_WIDTH,
  PART_GAP,
} from "./types";

const STEP = NODE_WIDTH + COLUMN_GAP;

interface Part {
  nodes: number[];
  /** Places of the part's edges in the input. */
  edges: number[];
  columns: Columns;
  rank: Int32Array;
  y: Float64Array;
  width: number;
  height: number;
}

export function layoutGraph({ count, edges }: LayoutInput): Layout {
  const sheet = new Sheet(count, edges.length / 2);
  const groups = connectedParts(count, edges);
  const parts = makeParts(
    groups.filter((nodes) => nodes.length > 1),
    count,
    edges,
  );
  const width = sheetWidth(parts);
  let [x, y, shelf] = [0, 0, 0];
  for (const part of parts) {
    if (x > 0 && x + part.width > width) [x, y, shelf] = [0, y + shelf + PART_GAP, 0];
    sheet.addPart(part, x, y);
    x += part.width + COLUMN_GAP;
    shelf = Math.max(shelf, part.height);
  }
  const alone = groups.filter((nodes) => nodes.length === 1).map(([node]) => node!);
  sheet.addGrid(alone, parts.length ? y + shelf + PART_GAP : 0, width);
  return sheet.finished();
}

/** As wide as the widest part, and wider where many small parts would make a tall, thin strip. */
function sheetWidth(parts: readonly Part[]): number {
  const widest = Math.max(STEP * 5, ...parts.map((part) => part.width));
  const area = parts.reduce((sum, part) => sum + (part.width + STEP) * part.height, 0);
  return Math.max(widest, Math.sqrt(area * 1.8));
}

function makeParts(groups: number[][], count: number, edges: Int32Array): Part[] {
  const partOf = new Int32Array(count).fill(-1);
  const placeIn = new Int32Array(count);
  groups.forEach((nodes, part) => {
    nodes.forEach((node, place) => {
      partOf[node] = part;
      placeIn[node] = place;
    });
  });
  const edgesOf: number[][] = groups.map(() => []);
  for (let e = 0; e < edges.length / 2; e++) edgesOf[partOf[edges[e * 2]!]!]!.push(e);
  return groups.map((nodes, part) => {
    const own = edgesOf[part]!;
    const local = Int32Array.from(
      own.flatMap((e) => [placeIn[edges[e * 2]!]!, placeIn[edges[e * 2 + 1]!]!]),
    );
    return makePart(nodes, own, local);
  });
}

function makePart(nodes: number[], edges: number[], local: Int32Array): Part {
  const adjacency = adjacencyOf(nodes.length, local);
  const rank = spreadRanks(ranksOf(nodes.length, adjacency), adjacency);
  const columns = makeColumns(nodes.length, local, rank);
  orderColumns(columns);
  const y = heightsOf(columns);
  const height = y.reduce((a, b) => Math.max(a, b), 0) + NODE_HEIGHT;
  const width = columns.columns.length * STEP - COLUMN_GAP;
  return { nodes, edges, columns, rank, y, width, height };
}

/** Gathers the parts' coordinates and curves into the arrays of one layout. */
class Sheet {
  private readonly x: Float32Array;
  private readonly y: Float32Array;
  private readonly rank: Int32Array;
  private readonly pieces: number[] = [];
  private readonly routes: number[][];

  constructor(count: number, edgeCount: number) {
    this.x = new Float32Array(count);
    this.y = new Float32Array(count);
    this.rank = new Int32Array(count);
    this.routes = Array.from({ length: edgeCount }, () => []);
  }

  addPart(part: Part, left: number, top: number): void {
    part.nodes.forEach((node, i) => {
      this.x[node] = left + part.rank[i]! * STEP;
      this.y[node] = top + part.y[i]!;
      this.rank[node] = part.rank[i]!;
    });
    const known = new Map<string, number>();
    part.edges.forEach((edge, i) => {
      this.routes[edge] = this.route(part, part.columns.routes[i]!, left, top, known);
    });
  }

  addGrid(nodes: number[], top: number, width: number): void {
    const perRow = Math.max(1, Math.floor((width + COLUMN_GAP) / STEP));
    nodes.forEach((node, i) => {
      this.x[node] = (i % perRow) * STEP;
      this.y[node] = top + Math.floor(i / perRow) * (NODE_HEIGHT + NODE_GAP);
    });
  }

  finished(): Layout {
    const edgeStarts = new Int32Array(this.routes.length + 1);
    this.routes.forEach((route, i) => {
      edgeStarts[i + 1] = edgeStarts[i]! + route.length;
    });
    const { x, y, rank } = this;
    const width = x.reduce((a, b) => Math.max(a, b + NODE_WIDTH), 0);
    const height = y.reduce((a, b) => Math.max(a, b + NODE_HEIGHT), 0);
    const pieces = Float32Array.from(this.pieces);
    const edgePieces = Int32Array.from(this.routes.flat());
    return { x, y, rank, pieces, edgeStarts, edgePieces, width, height };
  }

  /** Pieces of one edge; pieces that several edges share are made once. */
  private route(
    part: Part,
    items: number[],
    left: number,
    top: number,
    known: Map<string, number>,
  ): number[] {
    const made: number[] = [];
    const firstColumn = part.rank[items[0]!]!;
    const yOf = (item: number) => top + part.y[item]! + NODE_HEIGHT / 2;
    for (let i = 0; i + 1 < items.length; i++) {
      const a = items[i]!;
      const b = items[i + 1]!;
      const x1 = left + (firstColumn + i) * STEP + NODE_WIDTH;
      const straight = i + 2 === items.length && b < part.columns.realCount;
      const x2 = straight ? left + part.rank[b]! * STEP : x1 + COLUMN_GAP;
      made.push(this.piece(known, `${a}-${b}`, x1, yOf(a), x2, yOf(b)));
      if (b >= part.columns.realCount) {
        made.push(this.piece(known, `${b}`, x2, yOf(b), x2 + NODE_WIDTH, yOf(b)));
      }
    }
    return made;
  }

  private piece(
    known: Map<string, number>,
    name: string,
    x1: number,
    y1: number,
    x2: number,
    y2: number,
  ): number {
    const there = known.get(name);
    if (there !== undefined) return there;
    const index = this.pieces.length / 4;
    this.pieces.push(x1, y1, x2, y2);
    known.set(name, index);
    return index;
  }
}
