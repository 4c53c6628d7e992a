import { expect, it } from "vitest";
import type { GraphChange, ProjectChanged } from "../api/generated";
import { buildGraph } from "../document/graph";
import { graphNode } from "../document/testing";
import { followed } from "./graph";

const known = { version: 3, graph: buildGraph([graphNode("raw"), graphNode("stg", ["raw"])]) };

function changed(version: number, graph: GraphChange | null): ProjectChanged {
  return { type: "project_changed", manifest_version: version, graph };
}

function change(before: number, more: Partial<GraphChange> = {}): GraphChange {
  return { before, nodes: [], gone: [], touched: [], ...more };
}

it("follows a change of the version that it shows", () => {
  const nodes = [graphNode("int", ["stg"])];
  const next = followed(known, changed(4, change(3, { nodes, gone: ["raw"] })));
  expect(next?.version).toBe(4);
  expect([...next!.graph.byId.keys()]).toEqual(["stg", "int"]);
});

it("keeps the picture where an edit changes SQL alone", () => {
  const told = change(3, { nodes: [graphNode("stg", ["raw"])], touched: ["stg"] });
  expect(followed(known, changed(4, told))).toEqual({ version: 4, graph: known.graph });
  expect(followed(known, changed(4, told))?.graph).toBe(known.graph);
});

it("is fetched again where the change is unknown or one of another version", () => {
  expect(followed(known, changed(4, null))).toBe(null);
  expect(followed(known, changed(5, change(4)))).toBe(null);
});

it("stays as it is where it was fetched after the change", () => {
  expect(followed(known, changed(3, change(2, { gone: ["raw"] })))).toBe(known);
});
