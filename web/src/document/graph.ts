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
  const byId = new Map<string, GraphNode>();
  const parents = new Map<string, string[]>();
  const children = new Map<string, string[]>();
  for (const node of nodes) {
    byId.set(node.id, node);
    children.set(node.id, []);
  }
  for (const node of nodes) {
    const once = node.parents.length > 1 ? [...new Set(node.parents)] : node.parents;
    const known = once.filter((id) => byId.has(id) && id !== node.id);
    parents.set(node.id, known);
    for (const id of known) children.get(id)?.push(node.id);
  }
  return { nodes, byId, parents, children };
}

/**
 * The graph with nodes that are new or not what they were, and without those that are gone. What does not
 * differ stays the same value: the graph if nothing does, and who reads whom if no edge does.
 */
export function changedGraph(
  graph: ProjectGraph,
  told: readonly GraphNode[],
  gone: readonly string[],
): ProjectGraph {
  const byId = new Map(graph.byId);
  for (const node of told) {
    const old = byId.get(node.id);
    if (!old || JSON.stringify(node) !== JSON.stringify(old)) byId.set(node.id, node);
  }
  for (const id of gone) byId.delete(id);
  const nodes = [...byId.values()];
  const stays = nodes.length === graph.nodes.length;
  if (stays && nodes.every((node, i) => node === graph.nodes[i])) return graph;
  if (!stays || !nodes.every((node, i) => readsAlike(node, graph.nodes[i]!))) {
    return buildGraph(nodes);
  }
  return { nodes, byId, parents: graph.parents, children: graph.children };
}

function readsAlike(a: GraphNode, b: GraphNode): boolean {
  return a === b || (a.id === b.id && a.parents.join("\n") === b.parents.join("\n"));
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
