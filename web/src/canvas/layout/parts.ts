/** Splits a graph into parts that no edge connects. */

/** Lists of nodes, the largest part first; nodes inside a part in rising order. */
export function connectedParts(count: number, edges: Int32Array): number[][] {
  const leader = Int32Array.from({ length: count }, (_, node) => node);
  const find = (node: number): number => {
    let at = node;
    while (leader[at] !== at) {
      leader[at] = leader[leader[at]!]!;
      at = leader[at]!;
    }
    return at;
  };
  for (let i = 0; i < edges.length; i += 2) leader[find(edges[i]!)] = find(edges[i + 1]!);
  const parts = new Map<number, number[]>();
  for (let node = 0; node < count; node++) {
    const root = find(node);
    const part = parts.get(root);
    if (part) part.push(node);
    else parts.set(root, [node]);
  }
  return [...parts.values()].sort((a, b) => b.length - a.length);
}
