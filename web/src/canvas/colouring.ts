/** Sorts nodes into the groups that the graph colours: by state, resource type or materialisation. Pure. */
import type { GraphNode } from "../api/generated";
import type { Shown } from "../document/states";

export type ColourBy = "state" | "type" | "materialisation";

export interface Group {
  key: string;
  label: string;
  /** A colour token's name. */
  colour: string;
}

const STATES: readonly Group[] = [
  { key: "running", label: "Running", colour: "tide-bright" },
  { key: "error", label: "Failed", colour: "coral" },
  { key: "warn", label: "Warning", colour: "brass-bright" },
  { key: "success", label: "Built", colour: "kelp" },
  { key: "pending", label: "Waiting", colour: "line-strong" },
  { key: "skipped", label: "Skipped", colour: "slate" },
  { key: "cancelled", label: "Cancelled", colour: "earth" },
  { key: "none", label: "Not built", colour: "line-strong" },
  { key: "outside", label: "Nothing to build", colour: "line-strong" },
];

const TYPES: readonly Group[] = [
  { key: "source", label: "Source", colour: "earth" },
  { key: "seed", label: "Seed", colour: "kelp" },
  { key: "model", label: "Model", colour: "tide" },
  { key: "snapshot", label: "Snapshot", colour: "violet" },
  { key: "analysis", label: "Analysis", colour: "slate" },
  { key: "exposure", label: "Exposure", colour: "rose" },
];

const MATERIALISATIONS: readonly Group[] = [
  { key: "view", label: "View", colour: "tide-bright" },
  { key: "table", label: "Table", colour: "tide-strong" },
  { key: "incremental", label: "Incremental", colour: "violet" },
  { key: "ephemeral", label: "Ephemeral", colour: "slate" },
  { key: "seed", label: "Seed", colour: "kelp" },
  { key: "snapshot", label: "Snapshot", colour: "rose" },
  { key: "outside", label: "Outside", colour: "earth" },
];

const GROUPS: Record<ColourBy, readonly Group[]> = {
  state: STATES,
  type: TYPES,
  materialisation: MATERIALISATIONS,
};

/** The group of one node. What nobody foresaw (a custom materialisation) gets a group of its own name. */
export function groupOf(by: ColourBy, node: GraphNode, shown: Shown): Group {
  const key = keyOf(by, node, shown);
  return GROUPS[by].find((group) => group.key === key) ?? { key, label: key, colour: "slate" };
}

/** Groups that occur, in a fixed order, each with its number of nodes. */
export function legend(
  by: ColourBy,
  nodes: readonly GraphNode[],
  shownOf: (id: string) => Shown,
): { group: Group; count: number }[] {
  const counts = new Map<string, { group: Group; count: number }>();
  for (const node of nodes) {
    const group = groupOf(by, node, shownOf(node.id));
    const entry = counts.get(group.key);
    if (entry) entry.count++;
    else counts.set(group.key, { group, count: 1 });
  }
  const order = GROUPS[by].map((group) => group.key);
  const rankOf = (key: string) => (order.includes(key) ? order.indexOf(key) : order.length);
  return [...counts.values()].sort((a, b) => rankOf(a.group.key) - rankOf(b.group.key));
}

function keyOf(by: ColourBy, node: GraphNode, shown: Shown): string {
  switch (by) {
    case "state":
      return isBuilt(node) ? stateKey(shown) : "outside";
    case "type":
      return node.resource_type;
    case "materialisation":
      return node.materialized ?? "outside";
  }
}

/** Whether a run makes something of it: not of sources, exposures, analyses, or what is ephemeral. */
export function isBuilt({ resource_type, materialized }: GraphNode): boolean {
  if (materialized === "ephemeral") return false;
  return ["model", "seed", "snapshot", "function"].includes(resource_type);
}

/** A table that was built but whose tests fail is not fine. */
function stateKey({ standing, tests }: Shown): string {
  if (standing === "running" || standing === "pending" || standing === "error") return standing;
  if (tests === "fail") return "error";
  if (tests === "warn") return "warn";
  return standing;
}
