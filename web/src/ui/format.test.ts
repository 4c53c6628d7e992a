import { expect, it } from "vitest";
import { ago, counted, duration, stopwatch } from "./format";

it("writes durations with the digits that matter", () => {
  const texts = [0.0123, 0.42, 8.14, 125, 4800].map(duration);
  expect(texts).toEqual(["12 ms", "0.42 s", "8.1 s", "2 min 05 s", "1 h 20 min"]);
  expect(stopwatch(0.04)).toBe("0.0 s");
});

it("counts", () => {
  expect(counted(1, "node")).toBe("1 node");
  expect(counted(1204, "node")).toBe("1,204 nodes");
});

it("tells how long ago something was", () => {
  const now = new Date(2026, 10, 3, 14, 5, 9).getTime() / 1000;
  expect(ago(now - 3, now)).toBe("just now");
  expect(ago(now - 240, now)).toBe("4 min ago");
  expect(ago(now - 7200, now)).toBe("today 12:05");
  expect(ago(now - 86_400, now)).toBe("yesterday 14:05");
  expect(ago(now - 10 * 86_400, now)).toBe("24 Oct 14:05");
});
