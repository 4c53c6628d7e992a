/** The project's graph as the browser knows it: nodes, who reads whom, and walks along them. Pure. */
import type { GraphNode } from "../api/generated";

export interface ProjectGraph {
  readonly nodes: readonly GraphNode[];
  readonly byId: ReadonlyMap<string, GraphNode>;
  readonly parents: ReadonlyMap<string, readonly string[]>;
  readonly children: ReadonlyMap<string, readonly string[]>;
}

export const EMPTY_GRAPH: ProjectGraph = buildGraph([]);

/** Index nodes; parents that are not in the list are left out, children keep the order of nodes. */
export function buildGraph(nodes: readonly GraphNode[]): ProjectGraph {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map<string, string[]>();
  const children = new Map<string, string[]>(nodes.map((node) => [node.id, []]));
  for (const node of nodes) {
    const known = [...new Set(node.parents)].filter((id) => byId.has(id) && id !== node.id);
    parents.set(node.id, known);
    for (const id of known) children.get(id)?.push(node.id);
  }
  return { nodes, byId, parents, children };
}

/** The part of a graph that holds only the given nodes, with the edges between them. */
export function subgraph(graph: ProjectGraph, ids: ReadonlySet<string>): ProjectGraph {
  return buildGraph(graph.nodes.filter((node) => ids.has(node.id)));
}

export type Direction = "up" | "down";

/** Every node that can be reached from `start` in one direction, with its distance; without `start`. */
export function reach(
  graph: ProjectGraph,
  start: string,
  direction: Direction,
  depth = Number.POSITIVE_INFINITY,
): Map<string, number> {
  const next = direction === "up" ? graph.parents : graph.children;
  const found = new Map<string, number>([[start, 0]]);
  let edge = [start];
  for (let distance = 1; edge.length && distance <= depth; distance++) {
    const fresh: string[] = [];
    for (const id of edge) {
      for (const other of next.get(id) ?? []) {
        if (found.has(other)) continue;
        found.set(other, distance);
        fresh.push(other);
      }
    }
    edge = fresh;
  }
  found.delete(start);
  return found;
}

/** Number of nodes at each distance and beyond, for a depth picker: `[3, 7, 9]` is 9 in all. */
export function cumulativeReach(
  graph: ProjectGraph,
  start: string,
  direction: Direction,
): number[] {
  const counts: number[] = [];
  for (const distance of reach(graph, start, direction).values()) {
    counts[distance - 1] = (counts[distance - 1] ?? 0) + 1;
  }
  let total = 0;
  return counts.map((count) => (total += count));
}
