import { expect, it } from "vitest";
import { buildGraph, changedGraph } from "../../document/graph";
import { graphNode } from "../../document/testing";
import { layoutGraph } from "./layered";
import { Pictures } from "./pictures";
import type { Layout, LayoutInput } from "./types";

const graph = buildGraph([graphNode("raw"), graphNode("stg", ["raw"]), graphNode("fct", ["stg"])]);
const more = changedGraph(graph, [graphNode("late", ["stg"])], []);

/** A worker that answers when it is told to. */
class Slow {
  readonly waiting: (() => void)[] = [];

  readonly layOut = (input: LayoutInput): Promise<Layout> =>
    new Promise((resolve) => this.waiting.push(() => resolve(layoutGraph(input))));
}

async function asked(): Promise<Pictures> {
  const pictures = new Pictures(async (input) => layoutGraph(input));
  await pictures.ask("all", graph);
  return pictures;
}

it("has to be asked for first", () => {
  expect(new Pictures(async (input) => layoutGraph(input)).at("all", graph)).toBeNull();
});

it("follows an edit at once, and is then the picture of that graph", async () => {
  const pictures = await asked();
  const first = pictures.at("all", graph)!;
  const second = pictures.at("all", more)!;
  expect([...second.layout.y.slice(0, 3)]).toEqual([...first.layout.y]);
  expect(second.layout.x[3]).toBe(first.layout.x[2]);
  expect(pictures.at("all", more)).toBe(second);
});

it("keeps its places where nodes are told anew and none reads another", async () => {
  const pictures = await asked();
  const first = pictures.at("all", graph)!;
  const renamed = changedGraph(graph, [graphNode("stg", ["raw"], { materialized: "view" })], []);
  expect(pictures.at("all", renamed)).toEqual({ ...first, graph: renamed });
  const fetched = buildGraph([...graph.nodes]);
  expect(pictures.at("all", fetched)!.layout).toBe(first.layout);
});

it("is told apart from others by its name", async () => {
  const pictures = await asked();
  expect(pictures.at("alone +fct", graph)).toBeNull();
});

it("is laid out once for all who ask, and what was edited meanwhile follows", async () => {
  const slow = new Slow();
  const pictures = new Pictures(slow.layOut);
  const asks = [pictures.ask("all", graph), pictures.ask("all", more)];
  expect(slow.waiting.length).toBe(1);
  slow.waiting[0]!();
  await Promise.all(asks);
  expect(pictures.answers.get()).toBe(1);
  expect(pictures.at("all", more)?.layout.y.length).toBe(4);
});

it("can be asked for again after it failed at once", async () => {
  let fails = true;
  const pictures = new Pictures((input) => {
    if (fails) throw new Error("no worker");
    return Promise.resolve(layoutGraph(input));
  });
  await expect(pictures.ask("all", graph)).rejects.toThrow("no worker");
  fails = false;
  await pictures.ask("all", graph);
  expect(pictures.at("all", graph)).not.toBeNull();
});

it("is laid out as if new when that is asked for", async () => {
  const pictures = await asked();
  const less = changedGraph(graph, [], ["raw"]);
  expect(pictures.at("all", less)!.layout.column[0]).toBe(1);
  await pictures.ask("all", less);
  expect(pictures.at("all", less)!.layout.column[0]).toBe(0);
});
