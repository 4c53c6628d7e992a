import { expect, it } from "vitest";
import type { Event } from "../api/generated";
import { applyEvents, openRun } from "../document/run";
import { nodeFinished, nodeStarted, runStarted } from "../document/testing";
import { LiveRuns } from "./runs";

function liveRuns() {
  const finished: string[] = [];
  const waiting: (() => void)[] = [];
  const runs = new LiveRuns(
    (id) => finished.push(id),
    (flush) => waiting.push(flush),
  );
  let seq = 0;
  const send = (...events: Event[]) => {
    for (const event of events) runs.receive({ seq: ++seq, run_id: "run", event });
    for (const flush of waiting.splice(0)) flush();
  };
  return { runs, send, finished };
}

const end: Event = {
  type: "run_finished",
  at: 110,
  run_id: "run",
  status: "success",
  seconds: 10,
  counts: {},
};

it("opens a run from the stream alone and follows it to its end", () => {
  const { runs, send, finished } = liveRuns();
  send(runStarted(["a"]), nodeStarted("a", 101));
  expect(runs.active.get()).toBe("run");
  expect(runs.runs.get().get("run")?.nodes[0]?.status).toBe("running");
  send(nodeFinished("a", 102), end);
  expect(runs.active.get()).toBe(null);
  expect(finished).toEqual(["run"]);
  expect(runs.runs.get().get("run")).toMatchObject({ status: "success", done: 1 });
});

it("brings a late snapshot up to date with what the stream said meanwhile", () => {
  const { runs, send } = liveRuns();
  const snapshot = applyEvents(openRun(runStarted(["a", "b"])), [nodeStarted("a", 101)]);
  runs.setActive("run");
  send(nodeFinished("a", 102), nodeStarted("b", 103));
  expect(runs.runs.get().size).toBe(0);
  runs.load(snapshot);
  expect(
    runs.runs
      .get()
      .get("run")
      ?.nodes.map((node) => node.status),
  ).toEqual(["success", "running"]);
});

it("publishes a batch once", () => {
  const { runs, send } = liveRuns();
  send(runStarted(["a", "b", "c"]));
  let published = 0;
  runs.runs.subscribe(() => published++);
  send(nodeStarted("a", 101), nodeStarted("b", 101), nodeFinished("a", 102));
  expect(published).toBe(1);
});

it("keeps events without a run until it knows which run goes on", () => {
  const { runs } = liveRuns();
  runs.receive({ seq: 1, run_id: null, event: nodeStarted("a", 101) });
  runs.flush();
  runs.load(openRun(runStarted(["a"])));
  runs.setActive("run");
  expect(runs.runs.get().get("run")?.nodes[0]?.status).toBe("running");
});

it("forgets events after a reset, so that only the snapshot counts", () => {
  const { runs, send } = liveRuns();
  runs.setActive("run");
  send(nodeFinished("a", 102));
  runs.forgetEvents();
  expect(runs.load(openRun(runStarted(["a"]))).nodes[0]?.status).toBe("pending");
});
