import { describe, expect, it } from "vitest";
import { lanePiece, passed } from "./drawing";
import { isotonic } from "./heights";
import { layoutGraph } from "./layered";
import { adjacencyOf, ranksOf } from "./ranks";
import { type Layout, type LayoutInput, LEAST_WIDTH, MOST_WIDTH, NODE_HEIGHT } from "./types";

/** A project-like graph: staging over sources, layers above, a few hubs. Seeded. */
function projectLike(count: number, seed = 7): Int32Array {
  let state = seed;
  const random = () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const pairs: number[] = [];
  const sources = Math.floor(count * 0.2);
  for (let node = sources; node < count; node++) {
    const parents = 1 + Math.floor(random() * 3);
    const seen = new Set<number>();
    for (let i = 0; i < parents; i++) {
      const back = Math.floor(random() ** 2 * Math.min(node, count * 0.3)) + 1;
      const parent = random() < 0.1 ? Math.floor(random() * 12) : node - back;
      if (parent >= 0 && parent !== node && !seen.has(parent)) {
        seen.add(parent);
        pairs.push(parent, node);
      }
    }
  }
  return Int32Array.from(pairs);
}

function input(count: number, edges: number[] | Int32Array): LayoutInput {
  const widths = Float32Array.from({ length: count }, (_, i) => 100 + (i % 20) * 10);
  return { count, edges: Int32Array.from(edges), widths };
}

function overlaps({ x, y, column, columnWidth }: Layout): [number, number][] {
  const found: [number, number][] = [];
  for (let a = 0; a < x.length; a++) {
    for (let b = a + 1; b < x.length; b++) {
      const left = x[a]! < x[b]! ? a : b;
      const apartX = Math.abs(x[a]! - x[b]!) >= columnWidth[column[left]!]!;
      const apartY = Math.abs(y[a]! - y[b]!) >= NODE_HEIGHT;
      if (!apartX && !apartY) found.push([a, b]);
    }
  }
  return found;
}

describe("layoutGraph", () => {
  it("puts a chain on one line, parents left of children", () => {
    const layout = layoutGraph(input(3, [0, 1, 1, 2]));
    expect([...layout.y]).toEqual([0, 0, 0]);
    expect(layout.x[0]).toBeLessThan(layout.x[1]!);
    expect(layout.x[1]).toBeLessThan(layout.x[2]!);
  });

  it("centres a node between its parents", () => {
    const layout = layoutGraph(input(3, [0, 2, 1, 2]));
    expect(layout.y[2]).toBeCloseTo((layout.y[0]! + layout.y[1]!) / 2, 0);
  });

  it("joins the pieces of every edge from the parent's right side to the child's left", () => {
    const edges = projectLike(120);
    const layout = layoutGraph(input(120, edges));
    for (let e = 0; e < edges.length / 2; e++) {
      const [parent, child] = [edges[e * 2]!, edges[e * 2 + 1]!];
      const lanes = lanePiece(layout, edges.length / 2, parent);
      const route = Array.from({ length: 2 * passed(layout, parent, child) }, (_, i) => lanes + i);
      const width = layout.columnWidth[layout.column[parent]!]!;
      let at = [layout.x[parent]! + width, layout.y[parent]! + NODE_HEIGHT / 2];
      for (const piece of [...route, e]) {
        const [x1, y1, x2, y2] = layout.pieces.slice(piece * 4, piece * 4 + 4);
        expect([x1, y1]).toEqual(at);
        at = [x2!, y2!];
      }
      expect(at).toEqual([layout.x[child], layout.y[child]! + NODE_HEIGHT / 2]);
    }
  });

  it("keeps 1,000 nodes apart, children right of parents, and gives the same picture again", () => {
    const edges = projectLike(1000);
    const started = performance.now();
    const layout = layoutGraph(input(1000, edges));
    expect(performance.now() - started).toBeLessThan(5000);
    expect(overlaps(layout)).toEqual([]);
    for (let e = 0; e < edges.length; e += 2) {
      expect(layout.x[edges[e]!]).toBeLessThan(layout.x[edges[e + 1]!]!);
    }
    expect(layoutGraph(input(1000, edges))).toEqual(layout);
  });

  it("shows nodes without edges in a grid, and nothing for nothing", () => {
    const layout = layoutGraph(input(7, []));
    expect(overlaps(layout)).toEqual([]);
    expect(layoutGraph(input(0, [])).width).toBe(0);
  });

  it("makes a column as wide as its widest node wants, within limits", () => {
    const edges = Int32Array.from([0, 2, 1, 2, 2, 3]);
    const layout = layoutGraph({ count: 4, edges, widths: Float32Array.from([10, 170, 900, 160]) });
    expect([...layout.columnWidth]).toEqual([170, MOST_WIDTH, 160]);
    expect(LEAST_WIDTH).toBeLessThan(160);
  });

  it("survives a cycle, which a project with that fault may hold", () => {
    const layout = layoutGraph(input(3, [0, 1, 1, 2, 2, 1]));
    expect(overlaps(layout)).toEqual([]);
  });
});

describe("ranksOf", () => {
  it("moves a source next to what reads it", () => {
    // 0 > 1 > 2 > 3, and source 4 is read by 3 and by 5 (which also reads 3).
    const edges = Int32Array.from([0, 1, 1, 2, 2, 3, 4, 3, 4, 5, 3, 5]);
    expect([...ranksOf(6, adjacencyOf(6, edges))]).toEqual([0, 1, 2, 3, 2, 4]);
  });
});

describe("isotonic", () => {
  it("pools what stands in the wrong order", () => {
    const fitted = isotonic(Float64Array.from([1, 5, 3, 7]), Float64Array.from([1, 1, 1, 1]));
    expect([...fitted]).toEqual([1, 4, 4, 7]);
  });
});
