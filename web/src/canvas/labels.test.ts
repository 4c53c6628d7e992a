import { expect, it } from "vitest";
import { cutToFit } from "./labels";

const letters = (text: string) => text.length;

it("leaves what fits, and cuts the middle out of what does not", () => {
  expect(cutToFit("stg_orders", 10, letters)).toBe("stg_orders");
  expect(cutToFit("stg_payments__orders", 12, letters)).toBe("stg_pay…ders");
  expect(cutToFit("abcdef", 1, letters)).toBe("a…");
});
