import { expect, it } from "vitest";
import type { ColumnTrace, LineageStep } from "../api/generated";
import { columnPath, downstreamLines, edgeKey, rowLines, upstreamLines, usesText } from "./columns";

function step(source: string, result: string, uses = ["copy"]): LineageStep {
  return { source: ref(source), result: ref(result), uses, depth: 1 };
}

function ref(text: string) {
  const [node = "", column = ""] = text.split(".");
  return { node, column };
}

// raw.amount > stg.price > mart.total, raw.amount > stg.tax > mart.total > board.total
const trace: ColumnTrace = {
  column: ref("mart.total"),
  upstream: [
    step("stg.price", "mart.total", ["expression"]),
    step("stg.tax", "mart.total", ["expression"]),
    step("raw.amount", "stg.price"),
    step("raw.amount", "stg.tax", ["expression"]),
    step("file.amount", "raw.amount"),
  ],
  downstream: [step("mart.total", "board.total"), step("mart.total", "board.", ["filter"])],
  unknown: [],
};

it("runs along the edges of its steps alone", () => {
  const path = columnPath(trace);
  expect([...path.nodes].sort()).toEqual(["board", "file", "mart", "raw", "stg"]);
  expect(path.edges.has(edgeKey("stg", "mart"))).toBe(true);
  expect(path.edges.has(edgeKey("raw", "mart"))).toBe(false);
});

it("lists what a column comes from, what is shared only once", () => {
  expect(
    upstreamLines(trace).map(({ ref, level, again }) => [ref.node, ref.column, level, again]),
  ).toEqual([
    ["stg", "price", 0, false],
    ["raw", "amount", 1, false],
    ["file", "amount", 2, false],
    ["stg", "tax", 0, false],
    ["raw", "amount", 1, true],
  ]);
});

it("lists what it goes into, rows of a node among it", () => {
  expect(downstreamLines(trace).map(({ ref, uses }) => [ref.column, usesText(uses)])).toEqual([
    ["total", "as it is"],
    ["", "filter"],
  ]);
});

it("says what decides about rows", () => {
  const rows = [step("stg.kind", "mart.", ["join", "group"])];
  const node = { node: "mart", column: null, columns: [], rows, complete: true, unknown: "" };
  expect(rowLines(node).map(({ uses }) => usesText(uses))).toEqual(["join, group"]);
});

it("ends in a circle", () => {
  const circle = { ...trace, upstream: [step("a.x", "mart.total"), step("mart.total", "a.x")] };
  expect(upstreamLines(circle).map(({ again }) => again)).toEqual([false, true]);
});
