import { expect, it } from "vitest";
import { lineageHref, nodeHref, readRoute, runHref } from "./routes";

it("reads what it writes", () => {
  const id = "model.shop.a/b orders";
  expect(readRoute(nodeHref(id))).toEqual({ page: "node", id });
  expect(readRoute(runHref("1-2"))).toEqual({ page: "run", id: "1-2" });
  expect(readRoute("/")).toEqual({ page: "lineage" });
  expect(readRoute("/runs/")).toEqual({ page: "runs" });
  expect(readRoute("/faults")).toEqual({ page: "faults" });
});

it("knows what it does not know", () => {
  expect(readRoute("/nodes")).toEqual({ page: "unknown" });
  expect(readRoute("/nodes/%E0%A4%A")).toEqual({ page: "node", id: "%E0%A4%A" });
  expect(readRoute("/elsewhere")).toEqual({ page: "unknown" });
});

it("writes selections so that they survive the address", () => {
  const href = lineageHref({ select: "+orders tag:x", focus: "model.shop.orders" });
  const query = new URL(href, "http://here").searchParams;
  expect(query.get("select")).toBe("+orders tag:x");
  expect(query.get("focus")).toBe("model.shop.orders");
  expect(lineageHref({ column: "id" })).toBe("/");
  expect(lineageHref({ focus: "a", column: "b c" })).toBe("/?focus=a&column=b+c");
});
