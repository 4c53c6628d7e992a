/** Gives each node its column: parents always left of children, sources close to what reads them. */

export interface Adjacency {
  parents: number[][];
  children: number[][];
}

export function adjacencyOf(count: number, edges: Int32Array): Adjacency {
  const parents: number[][] = Array.from({ length: count }, () => []);
  const children: number[][] = Array.from({ length: count }, () => []);
  for (let i = 0; i < edges.length; i += 2) {
    const parent = edges[i]!;
    const child = edges[i + 1]!;
    parents[child]!.push(parent);
    children[parent]!.push(child);
  }
  return { parents, children };
}

/** Columns counted from 0. Edges of a cycle (a project with that fault) are treated as absent. */
export function ranksOf(count: number, { parents, children }: Adjacency): Int32Array {
  const order = topologicalOrder(count, parents, children);
  const rank = new Int32Array(count);
  for (const node of order) {
    for (const parent of parents[node]!) {
      rank[node] = Math.max(rank[node]!, rank[parent]! + 1);
    }
  }
  tighten(order, parents, children, rank);
  return rank;
}

function topologicalOrder(count: number, parents: number[][], children: number[][]): number[] {
  const waiting = Int32Array.from(parents, (list) => list.length);
  const order: number[] = [];
  for (let node = 0; node < count; node++) if (!waiting[node]) order.push(node);
  for (let at = 0; at < order.length; at++) {
    for (const child of children[order[at]!]!) if (--waiting[child]! === 0) order.push(child);
  }
  if (order.length < count) {
    const placed = new Set(order);
    for (let node = 0; node < count; node++) if (!placed.has(node)) order.push(node);
  }
  return order;
}

/** Move nodes right, next to their children, where that makes edges shorter in sum. */
function tighten(order: number[], parents: number[][], children: number[][], rank: Int32Array) {
  for (let at = order.length - 1; at >= 0; at--) {
    const node = order[at]!;
    const below = children[node]!;
    if (!below.length || parents[node]!.length >= below.length) continue;
    let nearest = Number.POSITIVE_INFINITY;
    for (const child of below) nearest = Math.min(nearest, rank[child]!);
    if (nearest - 1 > rank[node]!) rank[node] = nearest - 1;
  }
}
