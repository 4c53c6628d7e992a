/**
 * The columns of one part, with a lane wherever a long edge must pass a column. All long edges that
 * leave one node share one lane per column, which keeps wide fans readable and the work small.
 */

export interface Columns {
  /** Items of each column, in their present order. Items below `realCount` are nodes, others lanes. */
  columns: number[][];
  realCount: number;
  itemCount: number;
  /** Neighbours of an item in the column to the left and to the right. */
  left: number[][];
  right: number[][];
  /** Lanes of each node, in the columns to its right. */
  chains: number[][];
}

/** `rank` counts from 0 within the part; `edges` are pairs of places within the part. */
export function makeColumns(count: number, edges: Int32Array, rank: Int32Array): Columns {
  const columns: number[][] = [];
  const columnOf: number[] = [];
  const left: number[][] = [];
  const right: number[][] = [];
  const add = (column: number): number => {
    const item = columnOf.length;
    columnOf.push(column);
    left.push([]);
    right.push([]);
    while (columns.length <= column) columns.push([]);
    columns[column]!.push(item);
    return item;
  };
  for (let node = 0; node < count; node++) add(rank[node]!);

  const chains: number[][] = Array.from({ length: count }, () => []);
  for (let i = 0; i < edges.length; i += 2) {
    const from = edges[i]!;
    const to = edges[i + 1]!;
    const chain = chains[from]!;
    let last = from;
    for (let column = rank[from]! + 1; column < rank[to]!; column++) {
      const step = column - rank[from]! - 1;
      if (step === chain.length) {
        chain.push(add(column));
        connect(left, right, last, chain[step]!);
      }
      last = chain[step]!;
    }
    // An edge of a cycle goes back: it is drawn straight and orders nothing.
    if (rank[to]! > rank[from]!) connect(left, right, last, to);
  }
  return { columns, realCount: count, itemCount: columnOf.length, left, right, chains };
}

function connect(left: number[][], right: number[][], a: number, b: number): void {
  right[a]!.push(b);
  left[b]!.push(a);
}
