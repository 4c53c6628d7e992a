/**
 * Gives the items of each column their heights. Each item wishes for the mean height of its neighbours;
 * the order and the gaps inside a column are fixed, so the best heights are an isotonic regression,
 * solved exactly by pooling adjacent violators. Sweeps to and fro let the columns agree.
 */
import type { Columns } from "./lanes";
import { LANE_GAP, NODE_GAP, NODE_HEIGHT } from "./types";

const ROUNDS = 10;

/** Heights of the items' middles, from 0 downwards. */
export function heightsOf(graph: Columns): Float64Array {
  const y = new Float64Array(graph.itemCount);
  const offsets = graph.columns.map((items) => offsetsOf(items, graph.realCount));
  graph.columns.forEach((items, c) => {
    const middle = offsets[c]!.at(-1)! / 2;
    items.forEach((item, i) => {
      y[item] = offsets[c]![i]! - middle;
    });
  });
  for (let round = 0; round < ROUNDS; round++) {
    const both = round >= ROUNDS - 4;
    for (let c = 1; c < graph.columns.length; c++) {
      place(graph, c, offsets[c]!, y, both ? "both" : "left");
    }
    for (let c = graph.columns.length - 2; c >= 0; c--) {
      place(graph, c, offsets[c]!, y, both ? "both" : "right");
    }
  }
  straighten(y);
  return y;
}

/** Distance of each item's middle from the first item's, when the column stands as tight as it may. */
function offsetsOf(items: number[], realCount: number): Float64Array {
  const offsets = new Float64Array(items.length);
  for (let i = 1; i < items.length; i++) {
    offsets[i] = offsets[i - 1]! + gapBetween(items[i - 1]! < realCount, items[i]! < realCount);
  }
  return offsets;
}

function gapBetween(aboveIsNode: boolean, belowIsNode: boolean): number {
  if (aboveIsNode && belowIsNode) return NODE_HEIGHT + NODE_GAP;
  return aboveIsNode || belowIsNode ? NODE_HEIGHT / 2 + NODE_GAP : LANE_GAP;
}

type Side = "left" | "right" | "both";

function place(graph: Columns, c: number, offsets: Float64Array, y: Float64Array, side: Side) {
  const items = graph.columns[c]!;
  const wishes = new Float64Array(items.length);
  const weights = new Float64Array(items.length);
  items.forEach((item, i) => {
    let sum = 0;
    let weight = 0;
    const pull = (other: number) => {
      const w = weightOf(item >= graph.realCount, other >= graph.realCount);
      sum += w * y[other]!;
      weight += w;
    };
    if (side !== "right") graph.left[item]!.forEach(pull);
    if (side !== "left") graph.right[item]!.forEach(pull);
    wishes[i] = (weight ? sum / weight : y[item]!) - offsets[i]!;
    weights[i] = weight || 0.05;
  });
  const fitted = isotonic(wishes, weights);
  items.forEach((item, i) => {
    y[item] = fitted[i]! + offsets[i]!;
  });
}

/** Straight lanes matter more than centred nodes: the eye follows a long edge. */
function weightOf(isLane: boolean, otherIsLane: boolean): number {
  if (isLane && otherIsLane) return 8;
  return isLane || otherIsLane ? 2 : 1;
}

/** The rising sequence nearest to `wishes` in weighted least squares. */
export function isotonic(wishes: Float64Array, weights: Float64Array): Float64Array {
  const means: number[] = [];
  const masses: number[] = [];
  const sizes: number[] = [];
  for (let i = 0; i < wishes.length; i++) {
    means.push(wishes[i]!);
    masses.push(weights[i]!);
    sizes.push(1);
    while (means.length > 1 && means.at(-2)! > means.at(-1)!) {
      const mean = means.pop()!;
      const mass = masses.pop()!;
      const size = sizes.pop()!;
      const last = means.length - 1;
      const total = masses[last]! + mass;
      means[last] = (means[last]! * masses[last]! + mean * mass) / total;
      masses[last] = total;
      sizes[last]! += size;
    }
  }
  const fitted = new Float64Array(wishes.length);
  let at = 0;
  means.forEach((mean, block) => {
    fitted.fill(mean, at, at + sizes[block]!);
    at += sizes[block]!;
  });
  return fitted;
}

function straighten(y: Float64Array): void {
  let top = Number.POSITIVE_INFINITY;
  for (const value of y) top = Math.min(top, value);
  for (let i = 0; i < y.length; i++) y[i] = Math.round(y[i]! - top);
}
