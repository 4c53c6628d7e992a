import { useEffect, useMemo, useState } from "react";
import { LayoutClient } from "../../canvas/layout/client";
import type { Layout } from "../../canvas/layout/types";
import type { ProjectGraph } from "../../document/graph";

// One worker for the page: going away and coming back finds the layout made.
const client = new LayoutClient();

export interface LaidOut {
  graph: ProjectGraph;
  layout: Layout;
}

/** The graph with its places. While a graph with other nodes or edges is laid out, the one before stays. */
export function useLayout(graph: ProjectGraph): { laidOut: LaidOut | null; failed: boolean } {
  const [laidOut, setLaidOut] = useState<LaidOut | null>(null);
  const [failed, setFailed] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: places depend on nodes and edges alone
  useEffect(() => {
    let gone = false;
    client.layout(graph).then(
      (layout) => {
        if (!gone) setLaidOut({ graph, layout });
      },
      () => {
        if (!gone) setFailed(true);
      },
    );
    return () => {
      gone = true;
    };
  }, [graph.parents]);
  const present = useMemo(() => laidOut && retold(laidOut, graph), [laidOut, graph]);
  return { laidOut: present, failed };
}

/** The places, with what is told of their nodes now where these and the edges are the same. */
function retold(laidOut: LaidOut, graph: ProjectGraph): LaidOut {
  return graph.parents === laidOut.graph.parents ? { ...laidOut, graph } : laidOut;
}
