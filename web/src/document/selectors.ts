/** Writes dbt selection text. Reading it is the server's work (`/api/select`), so both always agree. */
import type { GraphNode } from "../api/generated";
import type { ProjectGraph } from "./graph";

export interface Reach {
  /** Levels upstream; `all` for every ancestor, 0 for none. */
  up: number | "all";
  down: number | "all";
}

/** The shortest text that selects exactly this node. */
export function selectorOf(node: GraphNode, graph: ProjectGraph): string {
  const names = node.id.split(".");
  switch (node.resource_type) {
    case "source":
      return `source:${names.slice(1).join(".")}`;
    case "exposure":
    case "metric":
    case "semantic_model":
    case "saved_query":
    case "unit_test":
      return `${node.resource_type}:${node.name}`;
    default: {
      const shared = graph.nodes.some((other) => other.name === node.name && other.id !== node.id);
      return shared && node.path ? `path:${node.path}` : node.name;
    }
  }
}

/** A node's selector with its graph operators: `2+orders`, `orders+`, `+orders+3`. */
export function withReach(selector: string, reach: Reach): string {
  return operator(reach.up, "before") + selector + operator(reach.down, "after");
}

function operator(levels: number | "all", side: "before" | "after"): string {
  if (levels === 0) return "";
  const count = levels === "all" ? "" : String(levels);
  return side === "before" ? `${count}+` : `+${count}`;
}
