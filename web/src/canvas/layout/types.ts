/** What goes into a layout and what comes out. Plain arrays, so that they cross to a worker cheaply. */

export interface LayoutInput {
  count: number;
  /** Pairs of places: parent, child, parent, child ... */
  edges: Int32Array;
  /** The width that each node would like. */
  widths: Float32Array;
}

/**
 * Where everything stands. Nodes stand in columns; a column is as wide as its widest node wants, and all
 * nodes in it are so wide. Edges that leave one node share their way for as long as they can: through each
 * column that the longest of them passes runs one lane.
 */
export interface Places {
  /** Tops of the nodes. */
  y: Float32Array;
  /** Column of each node, counted from 0 at the left of the sheet. */
  column: Int32Array;
  columnWidth: Float32Array;
  /**
   * Heights of lanes. Those of node i are `laneY[laneStarts[i]] ... laneY[laneStarts[i + 1] - 1]`, one in
   * each column to its right.
   */
  laneY: Float32Array;
  laneStarts: Int32Array;
}

/** The places, and what is drawn of them. */
export interface Layout extends Places {
  x: Float32Array;
  columnX: Float32Array;
  /**
   * Curves: x1, y1, x2, y2 of each piece. Piece i is the last one of edge i; those of the lanes come after
   * all edges (`lanePiece`). A flat piece (y1 = y2) crosses a column.
   */
  pieces: Float32Array;
  width: number;
  height: number;
}

export const LEAST_WIDTH = 156;
export const MOST_WIDTH = 236;
export const NODE_HEIGHT = 38;
export const NODE_GAP = 14;
export const LANE_GAP = 9;
export const COLUMN_GAP = 64;
export const PART_GAP = 44;
