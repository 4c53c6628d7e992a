/** Cuts SQL with Jinja (or Python) into coloured pieces. A reader's aid, not a parser: nothing is an error. */

export type TokenKind =
  | "plain"
  | "word"
  | "call"
  | "text"
  | "number"
  | "comment"
  | "name"
  | "jinja";

export interface Token {
  kind: TokenKind;
  text: string;
}

const SQL_WORDS = new Set(
  `all and any array as asc between by case cast create cross current delete desc distinct drop else end escape
   except exclude exists extract false fetch filter first following for from full group groups having ilike in
   inner insert intersect interval into is join last lateral left like limit materialized merge natural not null
   nulls offset on or order outer over partition pivot preceding qualify range recursive replace right rows
   row select set some table tablesample then true unbounded union unnest unpivot update using values view when
   where window with within`.split(/\s+/),
);

const PYTHON_WORDS = new Set(
  `and as assert async await break class continue def del elif else except finally for from global if import
   in is lambda none nonlocal not or pass raise return true false try while with yield`.split(
    /\s+/,
  ),
);

const JINJA_WORDS = new Set(
  `and block call do else elif endblock endcall endfilter endfor endif endmacro endset extends filter for from if
   import in include is macro materialization endmaterialization not or set snapshot endsnapshot test endtest
   true false none`.split(/\s+/),
);

const SQL =
  /(?<jinja>\{[{%#][\s\S]*?[}%#]\})|(?<comment>--[^\n]*|\/\*[\s\S]*?\*\/)|(?<text>'(?:[^']|'')*'|\$\$[\s\S]*?\$\$)|(?<name>"(?:[^"]|"")*"|`[^`]*`)|(?<number>\b\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?\b)|(?<word>[A-Za-z_]\w*)/gi;

const SCRIPT =
  /(?<comment>#[^\n]*)|(?<text>"""[\s\S]*?"""|'''[\s\S]*?'''|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")|(?<number>\b\d[\d_]*(?:\.\d+)?\b)|(?<word>[A-Za-z_]\w*)/gi;

/** Tokens of a whole text, in order; their texts joined give the text again. */
export function tokenize(code: string, language: string): Token[] {
  return language === "python"
    ? cut(code, SCRIPT, (word) => PYTHON_WORDS.has(word.toLowerCase()))
    : cut(code, SQL, (word) => SQL_WORDS.has(word.toLowerCase()));
}

/** The same, line by line. */
export function tokenLines(code: string, language: string): Token[][] {
  const lines: Token[][] = [[]];
  for (const token of tokenize(code, language)) {
    token.text.split("\n").forEach((text, i) => {
      if (i > 0) lines.push([]);
      if (text) lines.at(-1)!.push({ kind: token.kind, text });
    });
  }
  return lines;
}

function cut(code: string, pattern: RegExp, isWord: (word: string) => boolean): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (const match of code.matchAll(pattern)) {
    if (match.index > at) tokens.push({ kind: "plain", text: code.slice(at, match.index) });
    at = match.index + match[0].length;
    const [kind] = Object.entries(match.groups!).find(([, value]) => value !== undefined)!;
    if (kind === "jinja") tokens.push(...jinjaTokens(match[0]));
    else if (kind === "word") {
      tokens.push({ kind: wordKind(match[0], code[at], isWord), text: match[0] });
    } else tokens.push({ kind: kind as TokenKind, text: match[0] });
  }
  if (at < code.length) tokens.push({ kind: "plain", text: code.slice(at) });
  return tokens;
}

function wordKind(
  word: string,
  next: string | undefined,
  isWord: (w: string) => boolean,
): TokenKind {
  if (isWord(word)) return "word";
  return next === "(" ? "call" : "plain";
}

const JINJA = /(?<text>'[^']*'|"[^"]*")|(?<word>[A-Za-z_]\w*)/g;

/** Inside a Jinja block, texts and names keep colours of their own; the rest shows that it is Jinja. */
function jinjaTokens(block: string): Token[] {
  if (block.startsWith("{#")) return [{ kind: "comment", text: block }];
  const tokens: Token[] = [];
  let at = 0;
  for (const match of block.matchAll(JINJA)) {
    if (match.index > at) tokens.push({ kind: "jinja", text: block.slice(at, match.index) });
    at = match.index + match[0].length;
    const word = match.groups?.word;
    const plain = word !== undefined && !JINJA_WORDS.has(word.toLowerCase());
    const kind: TokenKind = word === undefined ? "text" : plain ? "call" : "jinja";
    tokens.push({ kind, text: match[0] });
  }
  if (at < block.length) tokens.push({ kind: "jinja", text: block.slice(at) });
  return tokens;
}
