import { expect, it } from "vitest";
import type { Shown } from "../document/states";
import { graphNode } from "../document/testing";
import { groupOf, legend } from "./colouring";

const none: Shown = { standing: "none", tests: "none" };
const source = graphNode("s", [], { resource_type: "source", materialized: null });

it("calls a built table with failing tests failed", () => {
  const built: Shown = { standing: "success", tests: "pass" };
  expect(groupOf("state", graphNode("a"), built).label).toBe("Built");
  expect(groupOf("state", graphNode("a"), { ...built, tests: "fail" }).label).toBe("Failed");
  expect(groupOf("state", graphNode("a"), { ...built, tests: "warn" }).label).toBe("Warning");
  const running: Shown = { standing: "running", tests: "fail" };
  expect(groupOf("state", graphNode("a"), running).label).toBe("Running");
});

it("does not expect sources to be built", () => {
  expect(groupOf("state", source, none).label).toBe("Nothing to build");
  expect(groupOf("state", graphNode("a"), none).label).toBe("Not built");
  expect(groupOf("materialisation", source, none).label).toBe("Outside");
});

it("gives an unknown materialisation a group of its own name", () => {
  const custom = graphNode("a", [], { materialized: "clickhouse_dictionary" });
  expect(groupOf("materialisation", custom, none)).toMatchObject({
    label: "clickhouse_dictionary",
  });
});

it("lists the groups that occur, in a fixed order", () => {
  const entries = legend("type", [graphNode("a"), source, graphNode("b")], () => none);
  expect(entries.map(({ group, count }) => [group.label, count])).toEqual([
    ["Source", 1],
    ["Model", 2],
  ]);
});
