/**
 * Breaks columns that are far taller than the picture is wide into several side by side. Real projects
 * are shallow: hundreds of staging models of one depth would make a strip that nobody can look at.
 */
import type { Adjacency } from "./ranks";
import { COLUMN_GAP, MOST_WIDTH, NODE_GAP, NODE_HEIGHT } from "./types";

const SMALLEST = 20;
/** Lanes of edges come on top of the nodes, so the nodes alone should be wider than they are tall. */
const ASPECT = 2.2;

/** New columns for all nodes: children stay right of their parents. */
export function spreadRanks(rank: Int32Array, { children }: Adjacency): Int32Array {
  const cell = (MOST_WIDTH + COLUMN_GAP) / (NODE_HEIGHT + NODE_GAP);
  const most = Math.max(SMALLEST, Math.ceil(Math.sqrt((rank.length * cell) / ASPECT)));
  const spread = new Int32Array(rank.length);
  let next = 0;
  for (const nodes of byRank(rank)) {
    const columns = Math.ceil(nodes.length / most);
    const each = Math.ceil(nodes.length / (columns || 1));
    // A node without children sends no edge through the columns to its right: it may stand furthest left.
    const sorted = [...nodes].sort(
      (a, b) => Math.min(1, children[a]!.length) - Math.min(1, children[b]!.length),
    );
    sorted.forEach((node, i) => {
      spread[node] = next + Math.floor(i / each);
    });
    next += columns;
  }
  return spread;
}

function byRank(rank: Int32Array): number[][] {
  const groups: number[][] = [];
  rank.forEach((column, node) => {
    while (groups.length <= column) groups.push([]);
    groups[column]!.push(node);
  });
  return groups;
}
