import { expect, it } from "vitest";
import { graphNode } from "../document/testing";
import type { Card } from "./card";
import { lookOf } from "./sprites";

const card: Card = {
  width: 200,
  node: graphNode("orders"),
  shown: { standing: "success", tests: "none" },
  colour: "kelp",
  hovered: false,
};

it("draws a card anew when what stands on it differs, and only then", () => {
  const look = lookOf(card, "card");
  const edited = (more: object) =>
    lookOf({ ...card, node: graphNode("orders", ["raw"], more) }, "card");
  expect(edited({ description: "All of them", schema: "other" })).toBe(look);
  expect(edited({ materialized: "view" })).not.toBe(look);
  expect(edited({ test_count: 2 })).not.toBe(look);
  expect(edited({ name: "orders.v2" })).not.toBe(look);
});
