import { expect, it } from "vitest";
import type { GraphNode } from "../api/generated";
import { applyEvents, openRun } from "./run";
import { shownOf, shownStates } from "./states";
import { graphNode, nodeFinished, nodeStarted, runStarted } from "./testing";

const state: GraphNode["state"] = { status: "success", run_id: "old", finished_at: 1 };
const test_state: GraphNode["test_state"] = { pass: 1, fail: 0, warn: 0, error: 0 };
const nodes = [
  graphNode("a", [], { state, test_state, test_count: 1 }),
  graphNode("b"),
  graphNode("c", [], { state: { ...state, status: "skipped" } }),
];

it("shows what the server last knew", () => {
  const shown = shownStates(nodes, null);
  expect(shownOf(shown, "a")).toEqual({ standing: "success", tests: "pass" });
  expect(shownOf(shown, "b")).toEqual({ standing: "none", tests: "none" });
  expect(shownOf(shown, "c").standing).toBe("skipped");
  expect(shownOf(shown, "unknown").standing).toBe("none");
});

it("lays the run that goes on over it, tests on what they test", () => {
  const run = applyEvents(openRun(runStarted(["a", "b", "test_a"])), [
    nodeFinished("a", 101),
    nodeStarted("b", 102),
    nodeFinished("test_a", 103, { status: "fail", failures: 3 }),
  ]);
  const shown = shownStates(nodes, run);
  expect(shownOf(shown, "a")).toEqual({ standing: "success", tests: "fail" });
  expect(shownOf(shown, "b").standing).toBe("running");
  expect(shownOf(shown, "c").standing).toBe("skipped");
});

it("lets a failed test outweigh one that waits or passed", () => {
  const plan = runStarted(["test_a"]);
  const second = { ...plan.nodes[0]!, unique_id: "second", depends_on: ["a"] };
  const run = applyEvents(openRun({ ...plan, nodes: [...plan.nodes, second] }), [
    nodeFinished("test_a", 101, { status: "fail" }),
  ]);
  expect(shownOf(shownStates(nodes, run), "a").tests).toBe("fail");
});
