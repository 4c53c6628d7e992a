import { expect, it } from "vitest";
import { type Token, tokenize, tokenLines } from "./tokens";

const coloured = (tokens: Token[]) =>
  tokens.filter((token) => token.kind !== "plain").map(({ kind, text }) => `${kind}:${text}`);

it("colours SQL", () => {
  const code = "select count(*) as n, 'it''s' -- why\nfrom \"Orders\" where id > 1.5e3";
  expect(coloured(tokenize(code, "sql"))).toEqual([
    "word:select",
    "call:count",
    "word:as",
    "text:'it''s'",
    "comment:-- why",
    "word:from",
    'name:"Orders"',
    "word:where",
    "number:1.5e3",
  ]);
});

it("colours Jinja inside SQL", () => {
  expect(coloured(tokenize("{{ ref('orders') }} {% if x %} {# select #}", "sql"))).toEqual([
    "jinja:{{ ",
    "call:ref",
    "jinja:(",
    "text:'orders'",
    "jinja:) }}",
    "jinja:{% ",
    "jinja:if",
    "jinja: ",
    "call:x",
    "jinja: %}",
    "comment:{# select #}",
  ]);
});

it("loses nothing, whatever the text", () => {
  const odd = "select 'open {{ ref( /* never closed \"x\n\n  $$ ~~ ünï";
  for (const language of ["sql", "python"]) {
    const joined = tokenize(odd, language).map((token) => token.text);
    expect(joined.join("")).toBe(odd);
  }
});

it("cuts tokens at the ends of lines", () => {
  const lines = tokenLines("/* a\nb */ select\n\n1", "sql");
  expect(lines.map((line) => line.map((token) => token.text).join(""))).toEqual([
    "/* a",
    "b */ select",
    "",
    "1",
  ]);
});

it("reads long text in a moment", () => {
  const long = "select a, b, 'c' from {{ ref('x') }} -- d\n".repeat(5000);
  const started = performance.now();
  tokenLines(long, "sql");
  expect(performance.now() - started).toBeLessThan(2000);
});
