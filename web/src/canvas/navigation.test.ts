import { expect, it } from "vitest";
import { buildGraph } from "../document/graph";
import { graphNode } from "../document/testing";
import { inputOf } from "./layout/input";
import { layoutGraph } from "./layout/layered";
import { firstNode, nextNode } from "./navigation";

const graph = buildGraph([
  graphNode("a"),
  graphNode("b"),
  graphNode("c", ["a", "b"]),
  graphNode("d", ["c"]),
]);
const layout = layoutGraph(inputOf(graph));

it("begins at the top of the first column", () => {
  expect(firstNode(graph, layout)).toBe("a");
  expect(firstNode(buildGraph([]), layoutGraph(inputOf(buildGraph([]))))).toBe(null);
});

it("follows edges sideways and the column up and down", () => {
  expect(nextNode(graph, layout, "a", "right")).toBe("c");
  expect(nextNode(graph, layout, "a", "down")).toBe("b");
  expect(nextNode(graph, layout, "a", "up")).toBe(null);
  expect(nextNode(graph, layout, "a", "left")).toBe(null);
  expect(nextNode(graph, layout, "d", "left")).toBe("c");
});

it("goes back the way it came", () => {
  expect(nextNode(graph, layout, "c", "left", ["b"])).toBe("b");
  expect(nextNode(graph, layout, "c", "left", ["b", "a"])).toBe("a");
});
