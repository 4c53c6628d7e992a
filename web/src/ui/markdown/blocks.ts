/**
 * Reads the part of Markdown that descriptions use: headings, paragraphs, lists, quotes, code, tables.
 * HTML is text like any other; what comes out is a value, never markup.
 */

export type Block =
  | { kind: "heading"; level: number; text: string }
  | { kind: "paragraph"; text: string }
  | { kind: "list"; ordered: boolean; items: Block[][] }
  | { kind: "quote"; blocks: Block[] }
  | { kind: "code"; language: string; text: string }
  | { kind: "table"; head: string[]; rows: string[][] }
  | { kind: "rule" };

const FENCE = /^ {0,3}(```+|~~~+)\s*(\S*)/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/;
const RULE = /^ {0,3}([-*_])( *\1){2,}\s*$/;
const ITEM = /^( {0,3})([-*+]|\d{1,9}[.)])\s+(.*)$/;
const QUOTE = /^ {0,3}> ?(.*)$/;
const TABLE_RULE = /^ *\|? *:?-+:? *(\| *:?-+:? *)*\|? *$/;

export function parseBlocks(text: string): Block[] {
  return new BlockReader(text.replace(/\r\n?/g, "\n").split("\n")).read();
}

class BlockReader {
  private at = 0;
  private readonly blocks: Block[] = [];

  constructor(private readonly lines: readonly string[]) {}

  read(): Block[] {
    while (this.at < this.lines.length) {
      const line = this.lines[this.at]!;
      if (!line.trim()) this.at++;
      else this.blocks.push(this.next(line));
    }
    return this.blocks;
  }

  private next(line: string): Block {
    const fence = FENCE.exec(line);
    if (fence) return this.code(fence[1]!, fence[2] ?? "");
    const heading = HEADING.exec(line);
    if (heading) {
      this.at++;
      return { kind: "heading", level: heading[1]!.length, text: heading[2]! };
    }
    if (RULE.test(line)) {
      this.at++;
      return { kind: "rule" };
    }
    if (QUOTE.test(line)) return this.quote();
    if (ITEM.test(line)) return this.list();
    if (line.includes("|") && TABLE_RULE.test(this.lines[this.at + 1] ?? "")) return this.table();
    return this.paragraph();
  }

  private code(fence: string, language: string): Block {
    const text: string[] = [];
    for (this.at++; this.at < this.lines.length; this.at++) {
      const line = this.lines[this.at]!;
      if (line.trimStart().startsWith(fence)) {
        this.at++;
        break;
      }
      text.push(line);
    }
    return { kind: "code", language, text: text.join("\n") };
  }

  private quote(): Block {
    const inner: string[] = [];
    for (; this.at < this.lines.length; this.at++) {
      const match = QUOTE.exec(this.lines[this.at]!);
      if (!match) break;
      inner.push(match[1]!);
    }
    return { kind: "quote", blocks: parseBlocks(inner.join("\n")) };
  }

  private list(): Block {
    const ordered = /\d/.test(ITEM.exec(this.lines[this.at]!)![2]!);
    const items: Block[][] = [];
    while (this.at < this.lines.length) {
      const match = ITEM.exec(this.lines[this.at]!);
      if (!match || /\d/.test(match[2]!) !== ordered) break;
      items.push(this.item(match));
    }
    return { kind: "list", ordered, items };
  }

  /** One item: its line, and the lines after it that are indented or plainly go on. */
  private item(match: RegExpExecArray): Block[] {
    const inner = [match[3]!];
    for (this.at++; this.at < this.lines.length; this.at++) {
      const line = this.lines[this.at]!;
      const indented = /^( {2,}|\t)/.test(line);
      if (indented) inner.push(line.replace(/^( {2,4}|\t)/, ""));
      else if (line.trim() && !ITEM.test(line) && !startsBlock(line) && inner.at(-1)!.trim())
        inner.push(line);
      else if (!line.trim() && /^( {2,}|\t)\S/.test(this.lines[this.at + 1] ?? "")) inner.push("");
      else break;
    }
    while (this.at < this.lines.length && !this.lines[this.at]!.trim()) this.at++;
    return parseBlocks(inner.join("\n"));
  }

  private table(): Block {
    const head = cells(this.lines[this.at]!);
    const rows: string[][] = [];
    for (this.at += 2; this.at < this.lines.length; this.at++) {
      const line = this.lines[this.at]!;
      if (!line.includes("|")) break;
      const row = cells(line);
      rows.push(head.map((_, i) => row[i] ?? ""));
    }
    return { kind: "table", head, rows };
  }

  private paragraph(): Block {
    const text: string[] = [];
    for (; this.at < this.lines.length; this.at++) {
      const line = this.lines[this.at]!;
      if (!line.trim() || (text.length && startsBlock(line))) break;
      text.push(line.trimStart());
    }
    return { kind: "paragraph", text: text.join("\n").trimEnd() };
  }
}

function startsBlock(line: string): boolean {
  return [FENCE, HEADING, RULE, QUOTE, ITEM].some((pattern) => pattern.test(line));
}

function cells(line: string): string[] {
  const inner = line.trim().replace(/^\|/, "").replace(/\|$/, "");
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}
