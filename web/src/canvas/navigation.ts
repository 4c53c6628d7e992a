/** Where an arrow key leads from a node: along edges sideways, along the column up and down. Pure. */
import type { ProjectGraph } from "../document/graph";
import type { Layout } from "./layout/types";

export type Arrow = "left" | "right" | "up" | "down";

/**
 * The next node, or null. Sideways the node nearest in height wins, except that going back along the
 * way just taken (`trail`) is always possible.
 */
export function nextNode(
  graph: ProjectGraph,
  layout: Layout,
  from: string,
  arrow: Arrow,
  trail: readonly string[] = [],
): string | null {
  const place = new Map(graph.nodes.map((node, i) => [node.id, i]));
  const here = place.get(from);
  if (here === undefined) return null;
  if (arrow === "up" || arrow === "down") {
    const column = inColumn(layout, here);
    const next = column[column.indexOf(here) + (arrow === "up" ? -1 : 1)];
    return next === undefined ? null : graph.nodes[next]!.id;
  }
  const others = (arrow === "left" ? graph.parents : graph.children).get(from) ?? [];
  const came = trail.findLast((id) => others.includes(id));
  if (came !== undefined) return came;
  const distance = (id: string) => Math.abs(layout.y[place.get(id)!]! - layout.y[here]!);
  return [...others].sort((a, b) => distance(a) - distance(b))[0] ?? null;
}

/** The node to begin with: the topmost of the first column. */
export function firstNode(graph: ProjectGraph, layout: Layout): string | null {
  let best = -1;
  for (let i = 0; i < graph.nodes.length; i++) {
    if (best < 0 || before(layout, i, best)) best = i;
  }
  return best < 0 ? null : graph.nodes[best]!.id;
}

function before({ x, y }: Layout, a: number, b: number): boolean {
  return x[a]! < x[b]! || (x[a] === x[b] && y[a]! < y[b]!);
}

function inColumn({ x, y }: Layout, here: number): number[] {
  const column: number[] = [];
  for (let i = 0; i < x.length; i++) if (x[i] === x[here]) column.push(i);
  return column.sort((a, b) => y[a]! - y[b]!);
}
