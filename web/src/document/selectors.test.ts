import { expect, it } from "vitest";
import { buildGraph } from "./graph";
import { selectorOf, withReach } from "./selectors";
import { graphNode } from "./testing";

const source = graphNode("source.shop.raw.orders", [], { name: "orders", resource_type: "source" });
const orders = graphNode("model.shop.orders", [], { name: "orders", path: "models/orders.sql" });
const alone = graphNode("model.shop.customers", [], { name: "customers" });
const board = graphNode("exposure.shop.board", [], { name: "board", resource_type: "exposure" });
const graph = buildGraph([source, orders, alone, board]);

it("writes the shortest text that means one node", () => {
  expect(selectorOf(alone, graph)).toBe("customers");
  expect(selectorOf(source, graph)).toBe("source:shop.raw.orders");
  expect(selectorOf(board, graph)).toBe("exposure:board");
});

it("falls back to the file where a name is shared", () => {
  expect(selectorOf(orders, graph)).toBe("path:models/orders.sql");
});

it("writes dbt's graph operators", () => {
  expect(withReach("orders", { up: "all", down: 0 })).toBe("+orders");
  expect(withReach("orders", { up: 2, down: "all" })).toBe("2+orders+");
  expect(withReach("orders", { up: 0, down: 3 })).toBe("orders+3");
});
