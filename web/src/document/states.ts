/**
 * What the graph shows of a node: the last known state from the server, overlaid by the run that is
 * going on. Tests are not nodes of the graph; how they went is told on the nodes that they test. Pure.
 */
import type { GraphNode, RunDetail, RunNode, TestState } from "../api/generated";

/** How a node stands. `none`: never built here. */
export type Standing =
  | "none"
  | "pending"
  | "running"
  | "success"
  | "warn"
  | "error"
  | "skipped"
  | "cancelled";

export type TestStanding = "none" | "pending" | "pass" | "warn" | "fail";

export interface Shown {
  standing: Standing;
  tests: TestStanding;
}

export type ShownStates = ReadonlyMap<string, Shown>;

const NOTHING: Shown = { standing: "none", tests: "none" };

export function shownOf(states: ShownStates, id: string): Shown {
  return states.get(id) ?? NOTHING;
}

/** State of every node, with the given run (if any) laid over what the server last knew. */
export function shownStates(nodes: readonly GraphNode[], run: RunDetail | null): ShownStates {
  const shown = new Map<string, Shown>();
  for (const node of nodes) {
    shown.set(node.id, {
      standing: node.state ? standingOf(node.state.status) : "none",
      tests: node.test_count ? testStandingOf(node.test_state) : "none",
    });
  }
  if (run) overlay(shown, run);
  return shown;
}

function overlay(shown: Map<string, Shown>, run: RunDetail): void {
  const tests = new Map<string, TestStanding>();
  for (const node of run.nodes) {
    if (node.resource_type === "test" || node.resource_type === "unit_test") {
      for (const id of node.depends_on) tests.set(id, worse(tests.get(id), liveTest(node)));
      continue;
    }
    const before = shown.get(node.id);
    if (before) shown.set(node.id, { ...before, standing: standingOf(node.status) });
  }
  for (const [id, standing] of tests) {
    const before = shown.get(id);
    if (before) shown.set(id, { ...before, tests: standing });
  }
}

/** Whether a node failed, or was left out behind one that did. */
export function isUnmet(status: RunNode["status"]): boolean {
  return standingOf(status) === "error" || status === "skipped";
}

export function standingOf(status: RunNode["status"]): Standing {
  switch (status) {
    case "pass":
    case "no-op":
      return "success";
    case "partial success":
    case "fail":
      return "error";
    default:
      return status;
  }
}

function testStandingOf(state: TestState | null): TestStanding {
  if (!state) return "pending";
  if (state.fail || state.error) return "fail";
  if (state.warn) return "warn";
  return state.pass ? "pass" : "pending";
}

function liveTest(node: RunNode): TestStanding {
  switch (standingOf(node.status)) {
    case "success":
      return "pass";
    case "warn":
      return "warn";
    case "error":
      return "fail";
    default:
      return "pending";
  }
}

const BADNESS: readonly TestStanding[] = ["none", "pass", "pending", "warn", "fail"];

function worse(a: TestStanding | undefined, b: TestStanding): TestStanding {
  return a !== undefined && BADNESS.indexOf(a) > BADNESS.indexOf(b) ? a : b;
}
