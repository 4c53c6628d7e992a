import { expect, it } from "vitest";
import { alignsRight, asTabs, cellText, widthOf } from "./cells";

const column = (name: string, type: string) => ({ name, type });

it("writes values as text, and leaves null null", () => {
  const values = [null, "null", 0, false, [1, 2], { a: 1 }, "12345678901234567890"];
  expect(values.map(cellText)).toEqual([
    null,
    "null",
    "0",
    "false",
    "[1,2]",
    '{"a":1}',
    "12345678901234567890",
  ]);
});

it("puts numbers right", () => {
  const types = [
    "BIGINT",
    "DECIMAL(18,2)",
    "UHUGEINT",
    "DOUBLE",
    "VARCHAR",
    "INTERVAL",
    "BIGINT[]",
  ];
  expect(types.map((type) => alignsRight(column("x", type)))).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});

it("gives columns the room that they need, within limits", () => {
  expect(widthOf(column("n", "INT"), [[1]], 0)).toBe(72);
  expect(widthOf(column("n", "VARCHAR"), [["x".repeat(500)]], 0)).toBe(360);
});

it("copies as a spreadsheet takes it", () => {
  expect(
    asTabs(
      [column("a", "INT"), column("b", "VARCHAR")],
      [
        [1, "x\ty"],
        [null, "z"],
      ],
    ),
  ).toBe("a\tb\n1\tx y\n\tz");
});
