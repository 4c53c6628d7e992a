/** The ground of a layout that stands, on which some nodes and lanes have no height yet, and get one. */
import type { Adjacency } from "./ranks";
import type { Columned } from "./settle";
import { joined, widthsOfColumns } from "./sheet";
import { type Item, REACH, Slots } from "./slots";
import {
  COLUMN_GAP,
  LEAST_WIDTH,
  MOST_WIDTH,
  NODE_GAP,
  NODE_HEIGHT,
  PART_GAP,
  type Places,
} from "./types";

const MIDDLE = NODE_HEIGHT / 2;
const STEP = MOST_WIDTH + COLUMN_GAP;
/** What stands further away does not matter to what finds a place within reach. */
const AROUND = 2 * REACH;
/** A node without children may stand so many columns further right than it must. */
const SPARE_COLUMNS = 2;

export class Ground implements Columned {
  /** Column of each node, -1 for the homeless: to be settled from outside. */
  readonly column: Int32Array;
  /** Heights of middles: of nodes, and of each node's lanes in the columns right of `base`. */
  private readonly y: Float64Array;
  private readonly lanes: Float32Array<ArrayBufferLike>[];
  private readonly base: Int32Array;
  private columnWidth: Float32Array;
  /** Nodes with lanes that have no height. */
  private readonly open = new Set<number>();

  constructor(
    places: Places,
    before: Int32Array,
    private readonly adjacency: Adjacency,
    homeless: readonly number[],
  ) {
    const { laneY, laneStarts } = places;
    this.column = Int32Array.from(before, (old) => (old < 0 ? -1 : places.column[old]!));
    this.y = Float64Array.from(before, (old) => (old < 0 ? Number.NaN : places.y[old]! + MIDDLE));
    this.lanes = Array.from(before, (old) =>
      old < 0 ? new Float32Array() : laneY.subarray(laneStarts[old], laneStarts[old + 1]),
    );
    for (const node of homeless) {
      this.column[node] = -1;
      this.y[node] = Number.NaN;
    }
    this.base = this.column.slice();
    this.columnWidth = places.columnWidth;
  }

  /** Makes room for a column: what stands right of it moves, and edges run through it straight. */
  insertColumn(at: number): void {
    const widths = [...this.columnWidth];
    widths.splice(at, 0, LEAST_WIDTH);
    this.columnWidth = Float32Array.from(widths);
    this.base.forEach((start, node) => {
      if (start < 0) return;
      const lanes = this.lanes[node]!;
      const step = at - start - 1;
      if (step < 0) this.base[node] = start + 1;
      else if (step < lanes.length || (step === lanes.length && this.isRead(node, at))) {
        const before = step ? lanes[step - 1]! : this.y[node]!;
        this.lanes[node] = Float32Array.from([
          ...lanes.subarray(0, step),
          before,
          ...lanes.subarray(step),
        ]);
      }
    });
    this.column.forEach((column, node) => {
      if (column >= at) this.column[node] = column + 1;
    });
  }

  /** Whether something from that column on reads the node. */
  private isRead(node: number, from: number): boolean {
    return this.adjacency.children[node]!.some((child) => this.column[child]! >= from);
  }

  /** Places for all, once every node has its column. */
  settled(widths: Float32Array): Places {
    const wishes = new Map<number, number>();
    this.column.forEach((column, node) => {
      if (column === this.base[node]) return;
      wishes.set(node, this.y[node]!);
      this.y[node] = Number.NaN;
    });
    for (let node = 0; node < this.y.length; node++) this.stretch(node);
    const nodes = [...wishes.keys()].sort((a, b) => this.column[a]! - this.column[b]!);
    for (const node of nodes) this.place(node, wishes.get(node)!);
    for (const node of this.open) this.placeLanes(node);
    return {
      y: Float32Array.from(this.y, (middle) => middle - MIDDLE),
      column: this.column,
      columnWidth: widthsOfColumns(this.column, widths, this.columnWidth),
      ...joined(this.lanes),
    };
  }

  /** As many lanes as the node's longest edge needs; those that stay keep their heights. */
  private stretch(node: number): void {
    const start = this.column[node]!;
    let furthest = 0;
    for (const child of this.adjacency.children[node]!) {
      furthest = Math.max(furthest, this.column[child]!);
    }
    const known = this.lanes[node]!;
    const length = Math.max(0, furthest - start - 1);
    const shift = start - this.base[node]!;
    if (!shift && length === known.length) return;
    this.lanes[node] = Float32Array.from({ length }, (_, i) => known[i + shift] ?? Number.NaN);
    this.base[node] = start;
    this.open.add(node);
  }

  /** A node that had to move goes as straight as it can; one that is new goes to its neighbours. */
  private place(node: number, wish: number): void {
    if (!Number.isNaN(wish)) this.take(this.column[node]!, node, false, wish);
    else if (!this.adjacency.parents[node]!.length && !this.adjacency.children[node]!.length) {
      this.placeAlone(node);
    } else this.placeNew(node);
  }

  private placeNew(node: number): void {
    const parents = this.adjacency.parents[node]!;
    const children = this.adjacency.children[node]!;
    const first = this.column[node]!;
    const near = parents.map((parent) => this.comesAt(parent, first));
    near.push(...children.map((child) => this.y[child]!));
    const placed = near.filter((height) => !Number.isNaN(height));
    const wish = placed.length ? median(placed) : this.bottom();
    const column = children.length ? first : this.roomiest(first, wish);
    this.column[node] = column;
    for (const parent of parents) this.stretch(parent);
    this.take(column, node, false, wish);
  }

  /** Below the rest, beside others that have no edges. */
  private placeAlone(node: number): void {
    const { parents, children } = this.adjacency;
    const others = this.y.filter(
      (y, other) => !Number.isNaN(y) && !parents[other]!.length && !children[other]!.length,
    );
    const row = others.length ? others.reduce((a, b) => Math.max(a, b)) : this.bottom();
    for (let column = 0; column < this.columnWidth.length; column++) {
      if (this.slots(column, false, row).free(false, row) !== row) continue;
      this.column[node] = column;
      this.take(column, node, false, row);
      return;
    }
    this.column[node] = 0;
    this.take(0, node, false, row + NODE_HEIGHT + NODE_GAP);
  }

  private bottom(): number {
    const lowest = this.y.reduce((a, b) => Math.max(a, b || 0), -PART_GAP - NODE_HEIGHT);
    return lowest + NODE_HEIGHT + PART_GAP + (lowest < 0 ? MIDDLE : 0);
  }

  /** Where edges of the node leave for a column: at the last lane before it that stands, or at the node. */
  private comesAt(node: number, column: number): number {
    const own = this.lanes[node]!;
    for (let i = Math.min(own.length, column - this.column[node]! - 1) - 1; i >= 0; i--) {
      if (!Number.isNaN(own[i])) return own[i]!;
    }
    return this.y[node]!;
  }

  /** The column, or one right of it, in which there is room nearest to `wish`. */
  private roomiest(column: number, wish: number): number {
    const costOf = (c: number) => {
      const away = Math.abs(this.slots(c, false, wish).free(false, wish) - wish);
      return away <= REACH ? away + (c - column) * STEP : Number.POSITIVE_INFINITY;
    };
    let best = column;
    const last = Math.min(column + SPARE_COLUMNS, this.columnWidth.length - 1);
    for (let c = column + 1; c <= last; c++) if (costOf(c) < costOf(best)) best = c;
    return best;
  }

  /** Lanes without a height run straight from what stands before them to what stands after. */
  private placeLanes(node: number): void {
    const { length } = this.lanes[node]!;
    for (let i = 0; i < length; i++) {
      const own = this.lanes[node]!;
      if (!Number.isNaN(own[i])) continue;
      const from = i ? own[i - 1]! : this.y[node]!;
      let next = i + 1;
      while (next < length && Number.isNaN(own[next])) next++;
      const to = next < length ? own[next]! : this.endOf(node, this.column[node]! + 1 + length);
      const column = this.column[node]! + 1 + i;
      this.take(column, node, true, from + (to - from) / (next - i + 1));
    }
  }

  private endOf(node: number, column: number): number {
    const ends = this.adjacency.children[node]!.filter((child) => this.column[child] === column);
    return median(ends.map((child) => this.y[child]!));
  }

  private take(column: number, node: number, lane: boolean, wish: number): void {
    for (const item of this.slots(column, lane, wish).take(node, lane, wish)) {
      if (!item.lane) this.y[item.node] = item.at;
      else {
        const lanes = this.lanes[item.node]!.slice();
        lanes[column - this.column[item.node]! - 1] = item.at;
        this.lanes[item.node] = lanes;
      }
    }
  }

  /** What stands around a height; all of the column where there is no room around it. */
  private slots(column: number, lane: boolean, wish: number): Slots {
    const near = new Slots(this.itemsIn(column, wish, AROUND));
    const away = Math.abs(near.free(lane, wish) - wish);
    return away <= REACH ? near : new Slots(this.itemsIn(column, wish, Number.POSITIVE_INFINITY));
  }

  private itemsIn(column: number, wish: number, around: number): Item[] {
    const items: Item[] = [];
    for (let node = 0; node < this.y.length; node++) {
      const step = column - this.column[node]!;
      const at = step ? this.lanes[node]![step - 1] : this.y[node];
      if (at !== undefined && Math.abs(at - wish) <= around) {
        items.push({ node, lane: step > 0, at });
      }
    }
    return items;
  }
}

function median(heights: number[]): number {
  const sorted = heights.sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
