/** Orders the items of each column so that few edges cross: median sweeps, the best order is kept. */
import type { Columns } from "./lanes";

const SWEEPS = 14;

/** Rewrites the order inside `columns.columns`. */
export function orderColumns(graph: Columns): void {
  const position = new Float64Array(graph.itemCount);
  startFromWalk(graph, position);
  let best = snapshot(graph.columns);
  let fewest = countCrossings(graph, position);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
    if (sweep % 2 === 0) sweepRight(graph, position, sweep);
    else sweepLeft(graph, position, sweep);
    exchangeNeighbours(graph, position);
    const crossings = countCrossings(graph, position);
    if (crossings < fewest) {
      fewest = crossings;
      best = snapshot(graph.columns);
    }
  }
  graph.columns.splice(0, graph.columns.length, ...best);
}

/** A depth-first walk keeps families together, which is already a good first order. */
function startFromWalk(graph: Columns, position: Float64Array): void {
  const seen = new Uint8Array(graph.itemCount);
  const next: number[] = graph.columns.map(() => 0);
  const columnOf = new Int32Array(graph.itemCount);
  graph.columns.forEach((items, column) => {
    for (const item of items) columnOf[item] = column;
  });
  const visit = (start: number) => {
    const stack = [start];
    while (stack.length) {
      const item = stack.pop()!;
      if (seen[item]) continue;
      seen[item] = 1;
      position[item] = next[columnOf[item]!]!++;
      for (const other of graph.right[item]!) if (!seen[other]) stack.push(other);
      for (const other of graph.left[item]!) if (!seen[other]) stack.push(other);
    }
  };
  for (const items of graph.columns) for (const item of items) visit(item);
  for (const items of graph.columns) settle(items, position);
}

function sweepRight(graph: Columns, position: Float64Array, sweep: number): void {
  for (let c = 1; c < graph.columns.length; c++) {
    arrange(graph.columns[c]!, graph.left, position, sweep);
  }
}

function sweepLeft(graph: Columns, position: Float64Array, sweep: number): void {
  for (let c = graph.columns.length - 2; c >= 0; c--) {
    arrange(graph.columns[c]!, graph.right, position, sweep);
  }
}

/** Sort a column by the mean (early) or median (late) place of each item's neighbours. */
function arrange(
  items: number[],
  neighbours: number[][],
  position: Float64Array,
  sweep: number,
): void {
  const wish = new Map<number, number>();
  for (const item of items) {
    const others = neighbours[item]!;
    wish.set(item, others.length ? centre(others, position, sweep) : position[item]!);
  }
  items.sort((a, b) => wish.get(a)! - wish.get(b)! || position[a]! - position[b]!);
  items.forEach((item, place) => {
    position[item] = place;
  });
}

function centre(others: number[], position: Float64Array, sweep: number): number {
  if (sweep < SWEEPS / 2 || others.length < 3) {
    let sum = 0;
    for (const other of others) sum += position[other]!;
    return sum / others.length;
  }
  const places = others.map((other) => position[other]!).sort((a, b) => a - b);
  const middle = places.length >> 1;
  return places.length % 2 ? places[middle]! : (places[middle - 1]! + places[middle]!) / 2;
}

/** Swap neighbours in a column where that removes crossings; one pass. */
function exchangeNeighbours(graph: Columns, position: Float64Array): void {
  for (const items of graph.columns) {
    for (let i = 0; i + 1 < items.length; i++) {
      const a = items[i]!;
      const b = items[i + 1]!;
      const now = crossingsOf(graph, a, b, position);
      if (now > 0 && now > crossingsOf(graph, b, a, position)) {
        items[i] = b;
        items[i + 1] = a;
        position[b] = i;
        position[a] = i + 1;
      }
    }
  }
}

/** Crossings between the edges of two items if `upper` stands above `lower`. */
function crossingsOf(graph: Columns, upper: number, lower: number, position: Float64Array): number {
  return (
    inversions(graph.left[upper]!, graph.left[lower]!, position) +
    inversions(graph.right[upper]!, graph.right[lower]!, position)
  );
}

function inversions(above: number[], below: number[], position: Float64Array): number {
  let count = 0;
  for (const a of above) for (const b of below) if (position[a]! > position[b]!) count++;
  return count;
}

function settle(items: number[], position: Float64Array): void {
  items.sort((a, b) => position[a]! - position[b]!);
  items.forEach((item, place) => {
    position[item] = place;
  });
}

const snapshot = (columns: number[][]): number[][] => columns.map((items) => [...items]);

/** All crossings, counted with a Fenwick tree per pair of columns. */
export function countCrossings(graph: Columns, position: Float64Array): number {
  let total = 0;
  for (let c = 0; c + 1 < graph.columns.length; c++) {
    const size = graph.columns[c + 1]!.length;
    const tree = new Int32Array(size + 1);
    let added = 0;
    for (const item of graph.columns[c]!) {
      const ends = graph.right[item]!.map((other) => position[other]!).sort((a, b) => a - b);
      for (const end of ends) total += added - prefix(tree, end + 1);
      for (const end of ends) add(tree, end + 1);
      added += ends.length;
    }
  }
  return total;
}

function prefix(tree: Int32Array, to: number): number {
  let sum = 0;
  for (let i = to; i > 0; i -= i & -i) sum += tree[i]!;
  return sum;
}

function add(tree: Int32Array, at: number): void {
  for (let i = at; i < tree.length; i += i & -i) tree[i]!++;
}
