/** Turns places into what is drawn: coordinates of nodes, and the pieces that edges are made of. */
import { COLUMN_GAP, type Layout, NODE_HEIGHT, type Places } from "./types";

export function drawn(places: Places, edges: Int32Array): Layout {
  const { column, columnWidth, y } = places;
  const columnX = new Float32Array(columnWidth.length);
  for (let c = 1; c < columnX.length; c++) {
    columnX[c] = columnX[c - 1]! + columnWidth[c - 1]! + COLUMN_GAP;
  }
  const last = columnX.length - 1;
  return {
    ...places,
    x: Float32Array.from(column, (c) => columnX[c]!),
    columnX,
    pieces: piecesOf(places, columnX, edges),
    width: last < 0 ? 0 : columnX[last]! + columnWidth[last]!,
    height: y.reduce((a, b) => Math.max(a, b + NODE_HEIGHT), 0),
  };
}

/** How many columns an edge passes between its ends. */
export function passed({ column }: Places, parent: number, child: number): number {
  return Math.max(0, column[child]! - column[parent]! - 1);
}

/** The first piece of a node's lanes: the way to each lane and the lane itself are two pieces. */
export function lanePiece({ laneStarts }: Places, edgeCount: number, node: number): number {
  return edgeCount + 2 * laneStarts[node]!;
}

function piecesOf(places: Places, columnX: Float32Array, edges: Int32Array): Float32Array {
  const { y, column, columnWidth, laneStarts, laneY } = places;
  const edgeCount = edges.length / 2;
  const pieces = new Float32Array(4 * (edgeCount + 2 * laneY.length));
  const put = (piece: number, x1: number, y1: number, x2: number, y2: number) => {
    pieces[piece * 4] = x1;
    pieces[piece * 4 + 1] = y1;
    pieces[piece * 4 + 2] = x2;
    pieces[piece * 4 + 3] = y2;
  };
  const rightOf = (c: number) => columnX[c]! + columnWidth[c]!;
  for (let node = 0; node < y.length; node++) {
    let at = y[node]! + NODE_HEIGHT / 2;
    let piece = lanePiece(places, edgeCount, node);
    let c = column[node]!;
    for (let lane = laneStarts[node]!; lane < laneStarts[node + 1]!; lane++) {
      const next = laneY[lane]!;
      put(piece++, rightOf(c), at, columnX[c + 1]!, next);
      put(piece++, columnX[c + 1]!, next, rightOf(c + 1), next);
      at = next;
      c++;
    }
  }
  for (let edge = 0; edge < edgeCount; edge++) {
    const parent = edges[edge * 2]!;
    const child = edges[edge * 2 + 1]!;
    const steps = passed(places, parent, child);
    const from = steps ? laneY[laneStarts[parent]! + steps - 1]! : y[parent]! + NODE_HEIGHT / 2;
    const x = rightOf(column[parent]! + steps);
    put(edge, x, from, columnX[column[child]!]!, y[child]! + NODE_HEIGHT / 2);
  }
  return pieces;
}
