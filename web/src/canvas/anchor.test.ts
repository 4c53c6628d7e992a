import { expect, it } from "vitest";
import { buildGraph } from "../document/graph";
import { shownStates } from "../document/states";
import { graphNode } from "../document/testing";
import { steadied } from "./anchor";
import { inputOf } from "./layout/input";
import { layoutGraph } from "./layout/layered";
import { makeScene, type Scene } from "./scene";

const SIZE = { width: 1000, height: 600 };
const CAMERA = { x: -100, y: -100, zoom: 1 };

function sceneOf(ids: readonly string[], [dx, dy]: readonly [number, number] = [0, 0]): Scene {
  const graph = buildGraph(ids.map((id, i) => graphNode(id, ids.slice(Math.max(0, i - 1), i))));
  const layout = layoutGraph(inputOf(graph));
  const [x, y] = [layout.x.map((at) => at + dx), layout.y.map((at) => at + dy)];
  const moved = { ...layout, x, y };
  const states = shownStates(graph.nodes, null);
  return makeScene({
    graph,
    layout: moved,
    states,
    colourBy: "state",
    selected: null,
    path: null,
  });
}

const before = sceneOf(["a", "b", "c"]);

it("leaves the camera where what is looked at stays", () => {
  expect(steadied(CAMERA, SIZE, before, sceneOf(["a", "b", "c", "d"]), -1)).toBe(CAMERA);
});

it("goes along with the node in focus, and else with the one in the middle of the screen", () => {
  // "a" is taken away from the left: the others move there by a column.
  const after = sceneOf(["b", "c"], [0, 7]);
  const step = before.layout.x[1]! - before.layout.x[0]!;
  const along = { x: CAMERA.x - step, y: CAMERA.y + 7, zoom: 1 };
  expect(steadied(CAMERA, SIZE, before, after, 1)).toEqual(along);
  expect(steadied(CAMERA, SIZE, before, after, -1)).toEqual(along);
});

it("stays where nothing that stays is on the screen", () => {
  const away = { x: 5000, y: 0, zoom: 1 };
  expect(steadied(away, SIZE, before, sceneOf(["b", "c"]), -1)).toBe(away);
  expect(steadied(CAMERA, SIZE, before, sceneOf(["x", "y"]), -1)).toBe(CAMERA);
});
