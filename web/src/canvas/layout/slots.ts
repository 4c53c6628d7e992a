/** One column of a layout that stands: what is in it from top to bottom, and where something else finds room. */
import { LANE_GAP, NODE_GAP, NODE_HEIGHT } from "./types";

export interface Item {
  node: number;
  /** It is a lane of the node, not the node. */
  lane: boolean;
  /** Height of its middle. */
  at: number;
}

/** Where something can stand, and what gives way for it. */
interface Room {
  at: number;
  moves: Map<Item, number>;
  /** How far nodes move in sum, the one that comes included. */
  cost: number;
}

/** Rather than moving others, a node stands so far from where it would like to. */
export const REACH = 6 * (NODE_HEIGHT + NODE_GAP);

export class Slots {
  private readonly items: Item[];

  constructor(items: Iterable<Item>) {
    this.items = [...items].sort((a, b) => a.at - b.at);
  }

  /** The free height that is nearest to `wish`. */
  free(lane: boolean, wish: number): number {
    let best = 1 / 0;
    for (let i = 0; i <= this.items.length; i++) {
      const [above, below] = [this.items[i - 1], this.items[i]];
      const low = above ? above.at + gap(above.lane, lane) : topmost(lane);
      const high = below ? below.at - gap(below.lane, lane) : 1 / 0;
      if (low > high) continue;
      const at = Math.min(high, Math.max(low, wish));
      if (Math.abs(at - wish) < Math.abs(best - wish)) best = at;
    }
    return best;
  }

  /** Let something stand near `wish`: where it is free, or else where others give way. They are told. */
  take(node: number, lane: boolean, wish: number): Item[] {
    const item = { node, lane, at: this.free(lane, wish) };
    const away = Math.abs(item.at - wish);
    const room = lane || away <= REACH ? null : this.room(wish);
    const moves = room && room.cost < away ? room.moves : new Map<Item, number>();
    if (room && room.cost < away) item.at = room.at;
    moves.forEach((at, moved) => {
      moved.at = at;
    });
    this.items.push(item);
    this.items.sort((a, b) => a.at - b.at);
    return [item, ...moves.keys()];
  }

  /** Room for a node right at `wish`: those below give way, or those above. */
  private room(wish: number): Room {
    const below = this.items.findIndex((item) => item.at > wish);
    const next = below < 0 ? this.items.length : below;
    const down = this.pushed(next, wish, 1);
    const up = this.pushed(next - 1, wish, -1);
    return up.cost < down.cost ? up : down;
  }

  /** The items from `start` on, downwards or upwards, give way to a node that stands close to the other side. */
  private pushed(start: number, wish: number, by: 1 | -1): Room {
    const other = this.items[start - by];
    const edge = other ? other.at + by * gap(other.lane, false) : by > 0 ? topmost(false) : wish;
    const at = by > 0 ? Math.max(wish, edge) : Math.min(wish, edge);
    const moves = new Map<Item, number>();
    let cost = Math.abs(at - wish);
    let [last, lane] = [at, false];
    for (let i = start; i >= 0 && i < this.items.length; i += by) {
      const item = this.items[i]!;
      const to = last + by * gap(lane, item.lane);
      if ((item.at - to) * by >= 0) break;
      moves.set(item, to);
      if (!item.lane) cost += Math.abs(to - item.at);
      [last, lane] = [to, item.lane];
    }
    return { at, moves, cost: last < topmost(lane) ? 1 / 0 : cost };
  }
}

/** Between middles. What comes later may stand closer to lanes than in a whole layout, but not closer to nodes. */
function gap(lane: boolean, otherLane: boolean): number {
  if (lane && otherLane) return LANE_GAP / 2;
  return lane || otherLane ? (NODE_HEIGHT + NODE_GAP) / 2 : NODE_HEIGHT + NODE_GAP;
}

const topmost = (lane: boolean) => (lane ? 0 : NODE_HEIGHT / 2);
