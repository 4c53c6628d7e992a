import { expect, it } from "vitest";
import { search } from "./search";

const names = [
  "fct_orders",
  "stg_orders",
  "orders",
  "stg_order_items",
  "customers",
  "stg_customers",
];
const find = (query: string) => search(names, query, (name) => name, 10).map(({ item }) => item);

it("puts the whole name before its parts, and words before letters", () => {
  expect(find("orders").slice(0, 3)).toEqual(["orders", "fct_orders", "stg_orders"]);
  expect(find("cust")[0]).toBe("customers");
});

it("takes letters in order, from the beginnings of words", () => {
  expect(find("soi")).toEqual(["stg_order_items"]);
  expect(find("stgcust")).toEqual(["stg_customers"]);
  expect(find("xyz")).toEqual([]);
});

it("does not count letters that are strewn about", () => {
  expect(find("ces")).toEqual([]);
});

it("marks what matched", () => {
  expect(search(names, "fo", (name) => name, 1)[0]?.marks).toEqual([0, 4]);
  expect(search(names, "items", (name) => name, 1)[0]?.marks).toEqual([10, 11, 12, 13, 14]);
});

it("lists everything for an empty query, up to the limit", () => {
  expect(search(names, " ", (name) => name, 2).map(({ item }) => item)).toEqual(names.slice(0, 2));
});
