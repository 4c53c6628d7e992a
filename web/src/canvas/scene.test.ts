import { expect, it } from "vitest";
import { buildGraph, changedGraph, type ProjectGraph } from "../document/graph";
import { shownStates } from "../document/states";
import { graphNode } from "../document/testing";
import { inputOf } from "./layout/input";
import { layoutGraph } from "./layout/layered";
import { differingCards, makeScene, type SceneInput, withPointer } from "./scene";

const graph = buildGraph([graphNode("raw"), graphNode("stg", ["raw"]), graphNode("fct", ["stg"])]);
const layout = layoutGraph(inputOf(graph));

function sceneOf(graph: ProjectGraph, more: Partial<SceneInput> = {}) {
  const states = shownStates(graph.nodes, null);
  const plain = { colourBy: "state", selected: null, path: null } as const;
  return makeScene({ graph, layout, states, ...plain, ...more });
}

const scene = sceneOf(graph);

it("looks as before after an edit that no card tells of", () => {
  const edited = changedGraph(
    graph,
    [graphNode("stg", ["raw"], { description: "All of them" })],
    [],
  );
  expect(edited).not.toBe(graph);
  expect(differingCards(scene, sceneOf(edited))).toEqual([]);
});

it("tells the cards that differ, where nothing else does", () => {
  const edited = changedGraph(graph, [graphNode("stg", ["raw"], { materialized: "view" })], []);
  const built = { status: "success", run_id: "run", finished_at: 1 } as const;
  const run = buildGraph([graphNode("raw", [], { state: built }), ...graph.nodes.slice(1)]);
  expect(differingCards(scene, sceneOf(edited))).toEqual([1]);
  expect(differingCards(scene, sceneOf(run))).toEqual([0]);
  expect(differingCards(scene, sceneOf(graph, { colourBy: "type" }))).toEqual([0, 1, 2]);
});

it("tells no cards where edges, the pointer or places differ", () => {
  const others = [
    sceneOf(graph, { selected: new Set(["raw"]) }),
    sceneOf(graph, { path: new Set(["raw\nstg"]) }),
    withPointer(scene, 1, -1),
    withPointer(scene, -1, 1),
    { ...scene, layout: { ...layout } },
  ];
  expect(others.map((other) => differingCards(scene, other))).toEqual(others.map(() => null));
});
