import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { parseBlocks } from "./blocks";
import { safeHref } from "./inline";
import { Markdown } from "./Markdown";

/** The inside of the frame, without the names of classes. */
const html = (text: string) =>
  renderToStaticMarkup(<Markdown text={text} />)
    .replace(/^<div[^>]*>|<\/div>$/g, "")
    .replace(/ class="[^"]*"/g, "");

it("shows what people write in descriptions", () => {
  expect(html("One row per *order*.\nUses `id` and **all** of it.")).toBe(
    "<p>One row per <em>order</em>.\nUses <code>id</code> and <strong>all</strong> of it.</p>",
  );
  expect(html("# Title\n\n- one\n- two\n  more\n\n1. first")).toBe(
    "<h3>Title</h3><ul><li>one</li><li>two\nmore</li></ul><ol><li>first</li></ol>",
  );
  expect(html("> said\n\n---")).toBe("<blockquote><p>said</p></blockquote><hr/>");
  expect(html("snake_case_name and 2 * 3 * 4")).toBe("<p>snake_case_name and 2 * 3 * 4</p>");
});

it("shows tables", () => {
  expect(html("| a | b |\n|---|:-:|\n| 1 | `x` |")).toBe(
    "<div><table><thead><tr><th>a</th><th>b</th></tr></thead>" +
      "<tbody><tr><td>1</td><td><code>x</code></td></tr></tbody></table></div>",
  );
});

it("reads code blocks to their end, closed or not", () => {
  expect(parseBlocks("```sql\nselect 1\n```\nafter")).toEqual([
    { kind: "code", language: "sql", text: "select 1" },
    { kind: "paragraph", text: "after" },
  ]);
  expect(parseBlocks("```\nopen")).toEqual([{ kind: "code", language: "", text: "open" }]);
});

it("makes HTML into text", () => {
  expect(html('<script>alert(1)</script> <img src=x onerror="alert(1)">')).toBe(
    "<p>&lt;script&gt;alert(1)&lt;/script&gt; &lt;img src=x onerror=&quot;alert(1)&quot;&gt;</p>",
  );
});

it("follows safe links only", () => {
  expect(html("[docs](https://example.com/a_(b)) and https://example.com.")).toBe(
    '<p><a href="https://example.com/a_(b)" target="_blank" rel="noreferrer noopener">docs</a> and ' +
      '<a href="https://example.com" target="_blank" rel="noreferrer noopener">https://example.com</a>.</p>',
  );
  expect(html("[x](javascript:alert(1))")).toBe("<p>[x](javascript:alert(1))</p>");
  const unsafe = ["JavaScript:alert(1)", "data:text/html,x", "//elsewhere", "vbscript:x", ""];
  expect(unsafe.map(safeHref)).toEqual(unsafe.map(() => null));
  expect(safeHref("/runs")).toBe("/runs");
});

it("does not hang on hostile text", () => {
  const started = performance.now();
  for (const text of [
    "*".repeat(4000),
    "[".repeat(4000),
    `${"_a".repeat(3000)}`,
    "`".repeat(4000),
  ]) {
    html(text);
  }
  expect(performance.now() - started).toBeLessThan(2000);
});
