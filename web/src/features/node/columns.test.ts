import { expect, it } from "vitest";
import { joinColumns } from "./columns";

it("takes types from the table, and columns that nobody documented", () => {
  const documented = [
    { name: "ID", data_type: null, description: "The key.", tests: [] },
    { name: "amount", data_type: "decimal(9,2)", description: "", tests: [] },
    { name: "gone", data_type: null, description: "", tests: [] },
  ];
  const built = [
    { name: "id", type: "BIGINT" },
    { name: "amount", type: "DOUBLE" },
    { name: "at", type: "DATE" },
  ];
  expect(joinColumns(documented, built).map(({ name, data_type }) => [name, data_type])).toEqual([
    ["ID", "BIGINT"],
    ["amount", "decimal(9,2)"],
    ["gone", null],
    ["at", "DATE"],
  ]);
});
