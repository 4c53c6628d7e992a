/** Every address of the app, written and read in one place. Pure. */

export type Route =
  | { page: "lineage" }
  | { page: "node"; id: string }
  | { page: "runs" }
  | { page: "run"; id: string }
  | { page: "faults" }
  | { page: "unknown" };

export function readRoute(path: string): Route {
  const [first = "", ...rest] = path.split("/").filter(Boolean).map(decoded);
  const id = rest.join("/");
  if (first === "" && !id) return { page: "lineage" };
  if (first === "nodes" && id) return { page: "node", id };
  if (first === "runs") return id ? { page: "run", id } : { page: "runs" };
  if (first === "faults" && !id) return { page: "faults" };
  return { page: "unknown" };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export interface LineageView {
  select?: string;
  focus?: string;
  /** A column of the node in focus. */
  column?: string;
}

export function lineageHref({ select, focus, column }: LineageView = {}): string {
  const query = new URLSearchParams();
  if (select) query.set("select", select);
  if (focus) query.set("focus", focus);
  if (focus && column) query.set("column", column);
  const text = query.toString();
  return text ? `/?${text}` : "/";
}

export type NodeTab = "overview" | "code" | "rows";

export function nodeHref(id: string, tab: NodeTab = "overview"): string {
  const path = `/nodes/${encodeURIComponent(id)}`;
  return tab === "overview" ? path : `${path}?tab=${tab}`;
}

export const runsHref = "/runs";
export const faultsHref = "/faults";

export function runHref(id: string): string {
  return `/runs/${encodeURIComponent(id)}`;
}
