import { describe, expect, it } from "vitest";
import type { Event, RunDetail } from "../api/generated";
import { applyEvents, countStatuses, openRun, requestOf, summaryOf } from "./run";
import { nodeFinished, nodeStarted, runStarted } from "./testing";

const opened = openRun(runStarted(["a", "b", "test_a"]));

describe("applyEvents", () => {
  it("follows a node from waiting to its end", () => {
    const started = applyEvents(opened, [nodeStarted("a", 101)]);
    expect(started.nodes[0]).toMatchObject({ status: "running", started_at: 101 });
    const run = applyEvents(started, [nodeFinished("a", 103, { seconds: 2 })]);
    expect(run.nodes[0]).toMatchObject({ status: "success", started_at: 101, seconds: 2 });
    expect(run).toMatchObject({ done: 1, total: 3, counts: { success: 1 } });
  });

  it("gives the same object when nothing is new", () => {
    const run = applyEvents(opened, [nodeStarted("a", 101)]);
    expect(applyEvents(run, [nodeStarted("a", 101)])).toBe(run);
    expect(applyEvents(run, [])).toBe(run);
  });

  it("never takes a node back from its end", () => {
    const run = applyEvents(opened, [nodeFinished("a", 103)]);
    expect(applyEvents(run, [nodeStarted("a", 101)])).toBe(run);
  });

  it("keeps each message once, and faults and hooks as messages", () => {
    const message: Event = {
      type: "message",
      at: 101,
      text: "hello",
      level: "info",
      unique_id: null,
      code: null,
      data: {},
    };
    const hook: Event = {
      type: "hook_finished",
      at: 102,
      name: "on-run-start",
      index: 1,
      total: 1,
      status: "error",
      seconds: 1,
      message: "no such table",
    };
    const run = applyEvents(opened, [message, message, hook]);
    expect(run.messages.map(({ level, text }) => [level, text])).toEqual([
      ["info", "hello"],
      ["error", "Hook on-run-start: no such table"],
    ]);
  });

  it("shows a node that the plan did not name", () => {
    const run = applyEvents(opened, [nodeStarted("late", 105)]);
    expect(run.nodes.at(-1)).toMatchObject({ id: "late", status: "running", index: 1 });
    expect(run.total).toBe(4);
  });

  it("gives a skipped node no time of its own", () => {
    const run = applyEvents(opened, [nodeFinished("b", 103, { status: "skipped", seconds: 0 })]);
    expect(run.nodes[1]).toMatchObject({ status: "skipped", started_at: null });
  });

  it("ends with its own run only", () => {
    const end: Event = {
      type: "run_finished",
      at: 110,
      run_id: "another",
      status: "success",
      seconds: 10,
      counts: {},
    };
    expect(applyEvents(opened, [end])).toBe(opened);
    const run = applyEvents(opened, [{ ...end, run_id: "run" }]);
    expect(run).toMatchObject({ status: "success", seconds: 10, finished_at: 110 });
  });
});

describe("snapshots and replays", () => {
  const seed = 20260726;

  it(`agree whatever was seen when (seed ${seed})`, () => {
    const random = randomFrom(seed);
    for (let round = 0; round < 60; round++) {
      const ids = Array.from({ length: 1 + Math.floor(random() * 8) }, (_, i) => `n${i}`);
      const events = randomRun(ids, random);
      const whole = applyEvents(openRun(runStarted(ids)), events);
      const cut = Math.floor(random() * (events.length + 1));
      const again = Math.floor(random() * (cut + 1));
      const snapshot = applyEvents(openRun(runStarted(ids)), events.slice(0, cut));
      // The stream connected before the snapshot was taken, so it repeats what the snapshot holds.
      const replayed = inBatches(snapshot, events.slice(again), random);
      expect(replayed, `round ${round}, cut ${cut}, again ${again}`).toEqual(whole);
    }
  });
});

function randomRun(ids: readonly string[], random: () => number): Event[] {
  const events: Event[] = [];
  const waiting = [...ids];
  const running: string[] = [];
  for (let at = 101; waiting.length || running.length; at++) {
    const begin = waiting.length > 0 && (running.length === 0 || random() < 0.5);
    if (begin) {
      const id = waiting.shift()!;
      running.push(id);
      events.push(nodeStarted(id, at));
    } else {
      const [id] = running.splice(Math.floor(random() * running.length), 1);
      const status = random() < 0.2 ? "error" : "success";
      events.push(nodeFinished(id!, at, { status }));
    }
  }
  const counts = {};
  events.push({
    type: "run_finished",
    at: 200,
    run_id: "run",
    status: "failed",
    seconds: 9,
    counts,
  });
  return events;
}

function inBatches(run: RunDetail, events: Event[], random: () => number): RunDetail {
  let at = 0;
  let now = run;
  while (at < events.length) {
    const size = 1 + Math.floor(random() * 4);
    now = applyEvents(now, events.slice(at, at + size));
    at += size;
  }
  return now;
}

function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

it("counts what has ended", () => {
  const run = applyEvents(opened, [nodeStarted("a", 101), nodeFinished("b", 102)]);
  expect(countStatuses(run.nodes)).toEqual({ counts: { success: 1 }, done: 1 });
});

it("knows what was asked for", () => {
  expect(requestOf(opened)).toEqual({ select: "+orders", exclude: "", full: false });
  expect(summaryOf(opened)).not.toHaveProperty("nodes");
});
