/**
 * The layered layout, step by step: parts, columns (spread where they are too tall), lanes, order,
 * heights, then the parts packed on one sheet. Pure and deterministic: the same graph always gives the
 * same picture.
 */
import { drawn } from "./drawing";
import { heightsOf } from "./heights";
import { makeColumns } from "./lanes";
import { orderColumns } from "./order";
import { connectedParts } from "./parts";
import { adjacencyOf, ranksOf } from "./ranks";
import { type Part, Sheet } from "./sheet";
import { spreadRanks } from "./spread";
import {
  COLUMN_GAP,
  type Layout,
  type LayoutInput,
  MOST_WIDTH,
  NODE_HEIGHT,
  PART_GAP,
} from "./types";

const STEP = MOST_WIDTH + COLUMN_GAP;
const FEWEST_COLUMNS = 5;

export function layoutGraph({ count, edges, widths }: LayoutInput): Layout {
  const sheet = new Sheet(widths);
  const groups = connectedParts(count, edges);
  const parts = makeParts(
    groups.filter((nodes) => nodes.length > 1),
    count,
    edges,
  );
  const most = sheetColumns(parts);
  let [column, top, shelf] = [0, 0, 0];
  for (const part of parts) {
    const own = part.columns.columns.length;
    if (column > 0 && column + own > most) [column, top, shelf] = [0, top + shelf + PART_GAP, 0];
    sheet.addPart(part, column, top);
    column += own;
    shelf = Math.max(shelf, part.height);
  }
  const alone = groups.filter((nodes) => nodes.length === 1).map(([node]) => node!);
  sheet.addGrid(alone, parts.length ? top + shelf + PART_GAP : 0, most);
  return drawn(sheet.finished(), edges);
}

/** As many as the widest part has, and more where many small parts would make a tall, thin strip. */
function sheetColumns(parts: readonly Part[]): number {
  const widest = Math.max(FEWEST_COLUMNS, ...parts.map((part) => part.columns.columns.length));
  const area = parts.reduce(
    (sum, part) => sum + part.columns.columns.length * STEP * (part.height + PART_GAP),
    0,
  );
  return Math.max(widest, Math.round(Math.sqrt(area * 1.8) / STEP));
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
    return makePart(nodes, local);
  });
}

function makePart(nodes: number[], local: Int32Array): Part {
  const adjacency = adjacencyOf(nodes.length, local);
  const column = spreadRanks(ranksOf(nodes.length, adjacency), adjacency);
  const columns = makeColumns(nodes.length, local, column);
  orderColumns(columns);
  const y = heightsOf(columns);
  const height = y.reduce((a, b) => Math.max(a, b), 0) + NODE_HEIGHT;
  return { nodes, columns, column, y, height };
}
