import { expect, it } from "vitest";
import { buildGraph, changedGraph, cumulativeReach, reach, subgraph } from "./graph";
import { graphNode } from "./testing";

// raw > stg > int > fct, and stg > fct directly.
const graph = buildGraph([
  graphNode("raw"),
  graphNode("stg", ["raw"]),
  graphNode("int", ["stg"]),
  graphNode("fct", ["int", "stg", "gone"]),
]);

it("knows children from parents and leaves out what is not there", () => {
  expect(graph.children.get("stg")).toEqual(["int", "fct"]);
  expect(graph.parents.get("fct")).toEqual(["int", "stg"]);
});

it("walks both ways with the shortest distance", () => {
  expect(reach(graph, "fct", "up")).toEqual(
    new Map([
      ["int", 1],
      ["stg", 1],
      ["raw", 2],
    ]),
  );
  expect([...reach(graph, "raw", "down", 1).keys()]).toEqual(["stg"]);
  expect(reach(graph, "unknown", "up")).toEqual(new Map());
});

it("ends in a cycle", () => {
  const circle = buildGraph([graphNode("a", ["b"]), graphNode("b", ["a"])]);
  expect([...reach(circle, "a", "up").keys()]).toEqual(["b"]);
});

it("counts how much each further level adds", () => {
  expect(cumulativeReach(graph, "fct", "up")).toEqual([2, 3]);
  expect(cumulativeReach(graph, "raw", "up")).toEqual([]);
});

it("cuts a part out with the edges inside it", () => {
  const part = subgraph(graph, new Set(["stg", "fct"]));
  expect(part.nodes.map((node) => node.id)).toEqual(["stg", "fct"]);
  expect(part.parents.get("fct")).toEqual(["stg"]);
});

it("is itself after a change that changes nothing that it shows", () => {
  expect(changedGraph(graph, [graphNode("int", ["stg"])], [])).toBe(graph);
  expect(changedGraph(graph, [], ["unknown"])).toBe(graph);
});

it("keeps places and edges of a node that is only told of differently", () => {
  const state = { status: "success", run_id: "run", finished_at: 1 } as const;
  const built = buildGraph([graphNode("raw"), graphNode("stg", ["raw"])]);
  const changed = changedGraph(built, [graphNode("raw", [], { materialized: "view", state })], []);
  expect(changed.nodes.map((node) => node.id)).toEqual(["raw", "stg"]);
  expect(changed.byId.get("raw")).toMatchObject({ materialized: "view", state });
  expect(changed.nodes[1]).toBe(built.nodes[1]);
  expect(changed.parents).toBe(built.parents);
  expect(changed.children).toBe(built.children);
});

it("takes in what is new, and leaves out what is gone, as if it were built of them", () => {
  const told = [graphNode("int", ["raw"]), graphNode("new", ["int"])];
  const changed = changedGraph(graph, told, ["stg"]);
  expect(changed).toEqual(
    buildGraph([graphNode("raw"), told[0]!, graphNode("fct", ["int", "stg", "gone"]), told[1]!]),
  );
});
