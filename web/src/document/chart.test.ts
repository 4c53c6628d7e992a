import { expect, it } from "vitest";
import { barOf, spanOf, ticksOf } from "./chart";
import { applyEvents, openRun } from "./run";
import { nodeFinished, nodeStarted, runStarted } from "./testing";

const run = applyEvents(openRun(runStarted(["a", "b", "c"])), [
  nodeStarted("a", 100),
  nodeFinished("a", 105, { seconds: 5 }),
  nodeStarted("b", 105),
]);

it("grows until now, then stands", () => {
  expect(spanOf(run, 110)).toEqual({ start: 100, end: 110 });
  expect(spanOf({ ...run, finished_at: 106 }, 110)).toEqual({ start: 100, end: 106 });
  expect(spanOf(run, 100).end).toBeGreaterThan(100);
});

it("places bars between 0 and 1, and none for what has not begun", () => {
  const span = spanOf(run, 110);
  expect(run.nodes.map((node) => barOf(node, span, 110))).toEqual([
    { left: 0, width: 0.5 },
    { left: 0.5, width: 0.5 },
    null,
  ]);
});

it("marks the axis at round times", () => {
  expect(ticksOf({ start: 0, end: 10 }, 6)).toEqual([0, 2, 4, 6, 8, 10]);
  expect(ticksOf({ start: 0, end: 0.3 }, 6)).toEqual([0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3]);
  expect(ticksOf({ start: 0, end: 600 }, 6)).toEqual([0, 120, 240, 360, 480, 600]);
});
