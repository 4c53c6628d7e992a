import { expect, it } from "vitest";
import { buildGraph, changedGraph, type ProjectGraph } from "../document/graph";
import { shownStates } from "../document/states";
import { graphNode } from "../document/testing";
import { inputOf } from "./layout/client";
import { layoutGraph } from "./layout/layered";
import { looksAlike, makeScene, type SceneInput, withPointer } from "./scene";

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
  expect(looksAlike(scene, sceneOf(edited))).toBe(true);
});

it("looks different where a card, what is lit, or where the pointer is does", () => {
  const edited = changedGraph(graph, [graphNode("stg", ["raw"], { materialized: "view" })], []);
  const built = { status: "success", run_id: "run", finished_at: 1 } as const;
  const run = buildGraph([graphNode("raw", [], { state: built }), ...graph.nodes.slice(1)]);
  const others = [
    sceneOf(edited),
    sceneOf(run),
    sceneOf(graph, { colourBy: "type" }),
    sceneOf(graph, { selected: new Set(["raw"]) }),
    sceneOf(graph, { path: new Set(["raw\nstg"]) }),
    withPointer(scene, 1, -1),
    withPointer(scene, -1, 1),
    { ...scene, layout: { ...layout } },
  ];
  expect(others.map((other) => looksAlike(scene, other))).toEqual(others.map(() => false));
});
