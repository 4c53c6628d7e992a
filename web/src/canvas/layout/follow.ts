/**
 * The layout after an edit, made of the one before. What need not move stays where it is: columns are
 * given only to what is new or would stand left of what it reads, heights only to what came into a column,
 * and others give way only where there is no room near. It costs little more than drawing the pieces.
 */
import { changesOf } from "./changes";
import { drawn } from "./drawing";
import { Ground } from "./ground";
import { adjacencyOf } from "./ranks";
import { settleColumns } from "./settle";
import type { Layout, LayoutInput, Places } from "./types";

/** So much may change, or this share of a large graph: beyond, a whole layout is better. */
const SHARE = 0.05;
const CHANGED = 24;
/** So many nodes may move for one edge, or this share: beyond, a column more is less of a change. */
const MOVED = 8;
const MOVED_SHARE = 0.02;

export interface Standing {
  places: Places;
  edges: Int32Array;
}

/**
 * The next layout. `before` tells the place that each node had, or -1. Null where much has changed or must
 * move, or edges go in a circle: then everything is to be laid out.
 */
export function followed(
  { places, edges: edgesBefore }: Standing,
  before: Int32Array,
  { count, edges, widths }: LayoutInput,
): Layout | null {
  const changes = changesOf(count, edges, before, places.y.length, edgesBefore);
  if (changes.size > Math.max(CHANGED, count * SHARE)) return null;
  const adjacency = adjacencyOf(count, edges);
  const ground = new Ground(places, before, adjacency, changes.homeless);
  const most = Math.max(MOVED, count * MOVED_SHARE);
  if (!settleColumns(ground, adjacency, changes, most)) return null;
  return drawn(ground.settled(widths), edges);
}
