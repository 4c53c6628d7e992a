/** What a layout needs to know of a graph. */
import type { ProjectGraph } from "../../document/graph";
import type { LayoutInput } from "./types";

/** What a card takes beside its name, and about what a letter of the name takes. */
const CARD_EXTRA = 48;
const LETTER_WIDTH = 6.6;

/** Graphs that share who reads whom have the same nodes in the same order. */
const EDGES = new WeakMap<ProjectGraph["parents"], Int32Array>();

/** The edges of a graph, as places of their ends: parent, child, parent, child ... */
export function edgesOf(graph: ProjectGraph): Int32Array {
  const known = EDGES.get(graph.parents);
  if (known) return known;
  const edges = placesOfEdges(graph);
  EDGES.set(graph.parents, edges);
  return edges;
}

function placesOfEdges(graph: ProjectGraph): Int32Array {
  const place = new Map(graph.nodes.map((node, i) => [node.id, i]));
  const pairs: number[] = [];
  for (const node of graph.nodes) {
    for (const parent of graph.parents.get(node.id) ?? []) {
      pairs.push(place.get(parent)!, place.get(node.id)!);
    }
  }
  return Int32Array.from(pairs);
}

export function inputOf(graph: ProjectGraph): LayoutInput {
  return {
    count: graph.nodes.length,
    edges: edgesOf(graph),
    widths: Float32Array.from(graph.nodes, (node) => CARD_EXTRA + node.name.length * LETTER_WIDTH),
  };
}
