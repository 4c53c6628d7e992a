import { describe, expect, it } from "vitest";
import { buildGraph, type ProjectGraph } from "../../document/graph";
import { graphNode } from "../../document/testing";
import { lanePiece, passed } from "./drawing";
import { followed } from "./follow";
import { edgesOf, inputOf } from "./input";
import { layoutGraph } from "./layered";
import { type Layout, NODE_GAP, NODE_HEIGHT } from "./types";

/** Parents of each node, by name. */
type Reads = ReadonlyMap<string, readonly string[]>;
type Random = () => number;

interface Shown {
  graph: ProjectGraph;
  layout: Layout;
}

function randomOf(seed: number): Random {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const graphOf = (reads: Reads) =>
  buildGraph([...reads].map(([id, parents]) => graphNode(id, [...parents])));

function shown(reads: Reads): Shown {
  const graph = graphOf(reads);
  return { graph, layout: layoutGraph(inputOf(graph)) };
}

function placesBefore(before: ProjectGraph, now: ProjectGraph): Int32Array {
  const places = new Map(before.nodes.map((node, i) => [node.id, i]));
  return Int32Array.from(now.nodes, (node) => places.get(node.id) ?? -1);
}

function follow({ graph, layout }: Shown, now: ProjectGraph): Layout | null {
  const standing = { places: layout, edges: edgesOf(graph) };
  return followed(standing, placesBefore(graph, now), inputOf(now));
}

function mustFollow(before: Shown, reads: Reads): Shown {
  const graph = graphOf(reads);
  const layout = follow(before, graph);
  if (!layout) throw new Error("laid out as a whole");
  return { graph, layout };
}

/** Names of nodes that stand elsewhere than before. */
function moved(before: Shown, now: Shown): string[] {
  return now.graph.nodes.flatMap(({ id }, i) => {
    const old = before.graph.nodes.findIndex((node) => node.id === id);
    if (old < 0) return [];
    const stays =
      now.layout.column[i] === before.layout.column[old] &&
      Math.abs(now.layout.y[i]! - before.layout.y[old]!) < 0.01;
    return stays ? [] : [id];
  });
}

function placeOf({ graph, layout }: Shown, id: string): { column: number; y: number } {
  const i = graph.nodes.findIndex((node) => node.id === id);
  return { column: layout.column[i]!, y: layout.y[i]! };
}

/** What is wrong with a layout: nodes on nodes or lanes on nodes, edges that go left, or do not join. */
function faultsOf({ graph, layout }: Shown): string[] {
  return [...columnFaults(graph, layout), ...edgeFaults(graph, layout)];
}

function columnFaults(graph: ProjectGraph, layout: Layout): string[] {
  const columns: { at: number; lane: boolean; name: string }[][] = [];
  const add = (column: number, at: number, lane: boolean, name: string) => {
    columns[column] ??= [];
    columns[column].push({ at, lane, name });
  };
  graph.nodes.forEach(({ id }, i) => {
    add(layout.column[i]!, layout.y[i]! + NODE_HEIGHT / 2, false, id);
    for (let lane = layout.laneStarts[i]!; lane < layout.laneStarts[i + 1]!; lane++) {
      const column = layout.column[i]! + 1 + lane - layout.laneStarts[i]!;
      add(column, layout.laneY[lane]!, true, `lane of ${id}`);
    }
  });
  return columns.flatMap((items) => {
    const sorted = items.sort((a, b) => a.at - b.at);
    const nodes = sorted.filter((item) => !item.lane);
    const close = nodes.filter((node, i) => i > 0 && node.at - nodes[i - 1]!.at < NODE_HEIGHT + 13);
    const crossed = sorted.filter((item, i) =>
      [sorted[i - 1], sorted[i + 1]].some(
        (other) =>
          other && item.lane && !other.lane && Math.abs(other.at - item.at) < NODE_HEIGHT / 2 + 6,
      ),
    );
    return [
      ...close.map(({ name }) => `${name} is close to the one above`),
      ...crossed.map(({ name }) => `${name} runs over a node`),
      ...nodes.filter(({ at }) => !(at >= NODE_HEIGHT / 2)).map(({ name }) => `${name} is outside`),
    ];
  });
}

function edgeFaults(graph: ProjectGraph, layout: Layout): string[] {
  const edges = edgesOf(graph);
  const faults: string[] = [];
  for (let e = 0; e < edges.length / 2; e++) {
    const [parent, child] = [edges[e * 2]!, edges[e * 2 + 1]!];
    const name = `${graph.nodes[parent]!.id} > ${graph.nodes[child]!.id}`;
    if (layout.column[parent]! >= layout.column[child]!) faults.push(`${name} goes left`);
    const first = lanePiece(layout, edges.length / 2, parent);
    const lanes = Array.from({ length: 2 * passed(layout, parent, child) }, (_, i) => first + i);
    let at = [
      layout.x[parent]! + layout.columnWidth[layout.column[parent]!]!,
      layout.y[parent]! + NODE_HEIGHT / 2,
    ];
    for (const piece of [...lanes, e]) {
      const [x1, y1, x2, y2] = layout.pieces.slice(piece * 4, piece * 4 + 4);
      if (x1 !== at[0] || Math.abs(y1! - at[1]!) > 0.01) faults.push(`${name} is torn`);
      at = [x2!, y2!];
    }
    if (at[0] !== layout.x[child]) faults.push(`${name} does not arrive`);
  }
  return faults;
}

/** A project-like graph: sources, layers above them, a few hubs. */
function projectLike(count: number, random: Random): Map<string, readonly string[]> {
  const reads = new Map<string, readonly string[]>();
  for (let node = 0; node < count; node++) {
    const parents = new Set<string>();
    for (let i = 0; node >= count * 0.2 && i < 1 + random() * 3; i++) {
      const back = Math.floor(random() ** 2 * Math.min(node, count * 0.3)) + 1;
      parents.add(`n${random() < 0.1 ? Math.floor(random() * 8) : Math.max(0, node - back)}`);
    }
    reads.set(`n${node}`, [...parents]);
  }
  return reads;
}

/** One edit as people make them: a model comes, goes, comes between two, or reads more or less. */
function edited(reads: Reads, fresh: string, random: Random): Map<string, readonly string[]> {
  const next = new Map(reads);
  const names = [...reads.keys()];
  const any = () => names[Math.floor(random() * names.length)]!;
  const node = any();
  const parents = reads.get(node)!;
  const kind = Math.floor(random() * 6);
  if (kind === 0) next.set(fresh, [...new Set([any(), any()])]);
  else if (kind === 1) next.set(fresh, []);
  else if (kind === 2) next.set(fresh, parents.slice(0, 1)).set(node, [fresh, ...parents.slice(1)]);
  else if (kind === 3) without(next, node);
  else if (kind === 4) next.set(node, parents.slice(1));
  else {
    const other = any();
    if (!reaches(reads, other, node)) next.set(node, [...new Set([...parents, other])]);
  }
  return next;
}

function without(reads: Map<string, readonly string[]>, gone: string): void {
  reads.delete(gone);
  for (const [name, parents] of reads) {
    reads.set(
      name,
      parents.filter((parent) => parent !== gone),
    );
  }
}

/** Whether `start` reads `wanted`, or is it. */
function reaches(reads: Reads, start: string, wanted: string): boolean {
  return start === wanted || reads.get(start)!.some((parent) => reaches(reads, parent, wanted));
}

/** Two sources, three columns: `fct` reads both stagings; nobody reads `solo`. */
const SMALL: Reads = new Map([
  ["raw_a", []],
  ["raw_b", []],
  ["stg_a", ["raw_a"]],
  ["stg_b", ["raw_b"]],
  ["fct", ["stg_a", "stg_b"]],
  ["solo", []],
]);

describe("followed", () => {
  const before = shown(SMALL);
  const edit = (...changes: [string, readonly string[] | null][]) => {
    const next = new Map(SMALL);
    for (const [name, parents] of changes) {
      if (parents) next.set(name, parents);
      else without(next, name);
    }
    return mustFollow(before, next);
  };

  it("moves nothing when nodes or edges are taken away", () => {
    expect(moved(before, edit(["stg_b", null]))).toEqual([]);
    expect(moved(before, edit(["fct", ["stg_a"]]))).toEqual([]);
    expect(moved(before, edit(["fct", []]))).toEqual([]);
  });

  it("puts what is new beside what it reads", () => {
    const after = edit(["late", ["fct"]]);
    expect(moved(before, after)).toEqual([]);
    const { column, y } = placeOf(before, "fct");
    expect(placeOf(after, "late")).toEqual({ column: column + 1, y });
  });

  it("puts what is new close to the middle of what it reads", () => {
    const after = edit(["both", ["raw_a", "stg_b"]]);
    expect(placeOf(after, "both").column).toBe(placeOf(before, "stg_b").column + 1);
    const [a, b] = [placeOf(before, "raw_a").y, placeOf(before, "stg_b").y];
    const away = Math.abs(placeOf(after, "both").y - (a + b) / 2);
    expect(away).toBeLessThanOrEqual(2 * (NODE_HEIGHT + NODE_GAP));
  });

  it("lays an edge between two that stand without moving them", () => {
    const after = edit(["fct", ["stg_a", "stg_b", "raw_a"]]);
    expect(moved(before, after)).toEqual([]);
    expect(faultsOf(after)).toEqual([]);
  });

  it("moves the fewest when something reads what stands right of it", () => {
    // Either stg_a goes right with fct, or stg_b stays where it is.
    const after = edit(["stg_b", ["raw_b", "stg_a"]]);
    expect(moved(before, after).sort()).toEqual(["fct", "stg_b"]);
    const source = edit(["raw_c", []], ["stg_a", ["raw_a", "raw_c"]]);
    expect(moved(before, source)).toEqual([]);
  });

  it("makes a column more rather than moving many by one", () => {
    const chain = new Map<string, readonly string[]>([["n0", []]]);
    for (let i = 1; i < 20; i++) chain.set(`n${i}`, i % 6 ? [`n${i - 1}`] : [`n${i - 1}`, "n2"]);
    const long = shown(chain);
    const after = mustFollow(long, new Map(chain).set("new", ["n4"]).set("n5", ["new"]));
    expect(faultsOf(after)).toEqual([]);
    const before = long.graph.nodes.map(({ id }) => placeOf(long, id));
    const shifted = before.map(({ column, y }, i) => ({ column: i < 5 ? column : column + 1, y }));
    expect(long.graph.nodes.map(({ id }) => placeOf(after, id))).toEqual(shifted);
    expect(placeOf(after, "new").column).toBe(5);
  });

  it("brings a node that had no edges to its first neighbours, and leaves others where they are", () => {
    const after = edit(["solo", ["stg_a"]]);
    expect(moved(before, after)).toEqual(["solo"]);
    expect(placeOf(after, "solo").column).toBe(placeOf(before, "fct").column);
    const alone = edit(["other", []]);
    expect(placeOf(alone, "other").y).toBe(placeOf(before, "solo").y);
    expect(faultsOf(alone)).toEqual([]);
  });

  it("makes a column wider for a long name, and never narrower", () => {
    const long = "a_name_of_more_letters_than_any";
    const after = edit([long, ["raw_a"]]);
    const { column } = placeOf(after, long);
    expect(after.layout.columnWidth[column]).toBeGreaterThan(before.layout.columnWidth[column]!);
    const again = mustFollow(after, SMALL);
    expect(again.layout.columnWidth).toEqual(after.layout.columnWidth);
  });

  it("gives the same places for the same graph, in whatever order its nodes come", () => {
    const turned = mustFollow(before, new Map([...SMALL].reverse()));
    expect(moved(before, turned)).toEqual([]);
    expect(turned.layout.pieces.length).toBe(before.layout.pieces.length);
    expect(faultsOf(turned)).toEqual([]);
  });

  it("begins from nothing", () => {
    const nothing = shown(new Map());
    const first = mustFollow(nothing, new Map([["first", []]]));
    const third = mustFollow(first, new Map([["first", []], ["x", ["first"]], ["y", ["x"]]])); // biome-ignore format: one line
    expect(faultsOf(third)).toEqual([]);
    expect(["first", "x", "y"].map((id) => placeOf(third, id).column)).toEqual([0, 1, 2]);
  });

  it("leaves it to a whole layout where much changes, or edges go in a circle", () => {
    const random = randomOf(3);
    expect(follow(shown(projectLike(80, random)), before.graph)).toBeNull();
    const circle = new Map(SMALL).set("raw_a", ["fct"]);
    expect(follow(before, graphOf(circle))).toBeNull();
  });

  it("costs a small part of a whole layout", () => {
    const reads = projectLike(2000, randomOf(5));
    const started = performance.now();
    const large = shown(reads);
    const whole = performance.now() - started;
    const now = graphOf(new Map(reads).set("new", ["n700", "n900"]));
    const times = [1, 2, 3, 4].map(() => {
      const from = performance.now();
      follow(large, now);
      return performance.now() - from;
    });
    expect(Math.min(...times)).toBeLessThan(whole / 8);
  });

  it.each([1, 2, 3, 4, 5, 6])("keeps a layout sound through random edits (seed %i)", (seed) => {
    const random = randomOf(seed);
    let reads = projectLike(seed < 4 ? 60 : 400, random);
    let now = shown(reads);
    let wholes = 0;
    const moves: number[] = [];
    for (let step = 0; step < 60; step++) {
      reads = edited(reads, `new${step}`, random);
      const graph = graphOf(reads);
      const layout = follow(now, graph);
      if (!layout) wholes++;
      const next = layout ? { graph, layout } : shown(reads);
      const which = `step ${step} of seed ${seed}`;
      expect(faultsOf(next), which).toEqual([]);
      expect(next.graph.nodes.length, which).toBe(next.layout.y.length);
      if (layout) moves.push(moved(now, next).length);
      now = next;
    }
    expect(wholes).toBeLessThan(4);
    expect(moves.filter((count) => count <= 3).length).toBeGreaterThan(moves.length * 0.75);
  });
});
