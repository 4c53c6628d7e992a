/** What differs between a graph that is laid out and the next one. */

export interface Changes {
  /** Nodes that stood nowhere, or where it meant nothing, since they had no edges. */
  homeless: number[];
  /** Pairs of places: edges that were not there. */
  added: number[];
  /** How many nodes came and went, and how many of the others read more. */
  size: number;
}

/** `before` tells the place that each node had, or -1; all answers are in the places of now. */
export function changesOf(
  count: number,
  edges: Int32Array,
  before: Int32Array,
  countBefore: number,
  edgesBefore: Int32Array,
): Changes {
  const now = new Int32Array(countBefore).fill(-1);
  before.forEach((old, node) => {
    if (old >= 0) now[old] = node;
  });
  const known = new Set<number>();
  const hadEdges = new Uint8Array(count);
  for (let i = 0; i < edgesBefore.length; i += 2) {
    const parent = now[edgesBefore[i]!]!;
    const child = now[edgesBefore[i + 1]!]!;
    if (parent >= 0) hadEdges[parent] = 1;
    if (child >= 0) hadEdges[child] = 1;
    if (parent >= 0 && child >= 0) known.add(parent * count + child);
  }
  const added: number[] = [];
  const hasEdges = new Uint8Array(count);
  for (let i = 0; i < edges.length; i += 2) {
    const [parent, child] = [edges[i]!, edges[i + 1]!];
    hasEdges[parent] = 1;
    hasEdges[child] = 1;
    if (!known.delete(parent * count + child)) added.push(parent, child);
  }
  const homeless: number[] = [];
  let size = now.reduce((sum, node) => sum + (node < 0 ? 1 : 0), 0);
  size += new Set(added.filter((node, i) => i % 2 === 1 && before[node]! >= 0)).size;
  for (let node = 0; node < count; node++) {
    if (before[node]! < 0) size++;
    if (before[node]! < 0 || (hasEdges[node] && !hadEdges[node])) homeless.push(node);
  }
  return { homeless, added, size };
}
