import { expect, it } from "vitest";
import { keysLabel, matchKeys, pressText } from "./keys";
import type { Command } from "./registry";

const command = (id: string, keys: string, more: Partial<Command> = {}): Command => ({
  id,
  title: id,
  section: "",
  keys,
  run: () => {},
  ...more,
});
const all = [
  command("palette", "mod+k"),
  command("fit", "f"),
  command("lineage", "g l"),
  command("build", "shift+b"),
  command("off", "x", { disabled: true }),
];
const press = (key: string, more = {}) =>
  pressText({ key, mod: false, shift: false, alt: false, ...more });

it("names presses", () => {
  expect(press("k", { mod: true })).toBe("mod+k");
  expect(press("B", { shift: true })).toBe("shift+b");
  expect(press("?", { shift: true })).toBe("?");
  expect(press("ArrowLeft")).toBe("left");
});

it("finds the command of a press, but not while somebody types", () => {
  expect(matchKeys(all, null, "f", false)).toMatchObject({ command: { id: "fit" } });
  expect(matchKeys(all, null, "f", true)).toEqual({ kind: "none" });
  expect(matchKeys(all, null, "mod+k", true)).toMatchObject({ command: { id: "palette" } });
  expect(matchKeys(all, null, "x", false)).toEqual({ kind: "none" });
});

it("waits for the second key of a pair, and forgets a wrong one", () => {
  expect(matchKeys(all, null, "g", false)).toEqual({ kind: "pending", pending: "g" });
  expect(matchKeys(all, "g", "l", false)).toMatchObject({ command: { id: "lineage" } });
  expect(matchKeys(all, "g", "f", false)).toMatchObject({ command: { id: "fit" } });
});

it("writes keys as the machine's people do", () => {
  expect(keysLabel("mod+k", true)).toEqual(["⌘K"]);
  expect(keysLabel("mod+k", false)).toEqual(["Ctrl K"]);
  expect(keysLabel("g l", false)).toEqual(["G", "L"]);
  expect(keysLabel("+", false)).toEqual(["+"]);
});
