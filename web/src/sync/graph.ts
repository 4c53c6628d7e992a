/** The project's graph as it was fetched, and as the stream then says that it changed. */
import { api } from "../api/client";
import type { ProjectChanged } from "../api/generated";
import { buildGraph, changedGraph, type ProjectGraph } from "../document/graph";

export interface KnownGraph {
  /** The manifest version that it shows. */
  version: number;
  graph: ProjectGraph;
}

export async function fetchGraph(): Promise<KnownGraph> {
  const { manifest_version: version, nodes } = await api.graph();
  return { version, graph: buildGraph(nodes) };
}

/** The graph after a change; null where it can only be fetched again. */
export function followed(known: KnownGraph, event: ProjectChanged): KnownGraph | null {
  const { manifest_version: version, graph: change } = event;
  if (known.version === version) return known;
  if (change?.before !== known.version) return null;
  return { version, graph: changedGraph(known.graph, change.nodes, change.gone) };
}
