/** What goes into a layout and what comes out. Plain arrays, so that they cross to a worker cheaply. */

export interface LayoutInput {
  count: number;
  /** Pairs of places: parent, child, parent, child ... */
  edges: Int32Array;
}

/**
 * Nodes have one size. Each column ("rank") of the graph stands at one x; long edges run through the
 * columns between, and edges that leave one node share their way for as long as they can.
 */
export interface Layout {
  x: Float32Array;
  y: Float32Array;
  rank: Int32Array;
  /** Curves: x1, y1, x2, y2 of each piece. A flat piece (y1 = y2) crosses a column. */
  pieces: Float32Array;
  /** For edge i, the pieces `edgePieces[edgeStarts[i]] ... edgePieces[edgeStarts[i + 1] - 1]`. */
  edgeStarts: Int32Array;
  edgePieces: Int32Array;
  width: number;
  height: number;
}

export const NODE_WIDTH = 228;
export const NODE_HEIGHT = 38;
export const NODE_GAP = 14;
export const LANE_GAP = 9;
export const COLUMN_GAP = 76;
export const PART_GAP = 44;
