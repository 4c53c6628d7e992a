/** Reads what stands inside a line of Markdown: emphasis, code, links. Pure values; unsafe links are text. */

export type Inline =
  | { kind: "text"; text: string }
  | { kind: "code"; text: string }
  | { kind: "strong" | "emphasis" | "strike"; inner: Inline[] }
  | { kind: "link"; href: string; inner: Inline[] }
  | { kind: "break" };

const PATTERN =
  /(?<code>(`+)(?<codeText>[\s\S]*?[^`])\2(?!`))|(?<escape>\\[!-/:-@[-`{-~])|(?<link>!?\[(?<linkText>(?:[^[\]\\]|\\.)*)\]\((?<href>[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?:\s+"[^"]*")?\))|(?<auto><?(?<url>https?:\/\/[^\s<>]*[^\s<>.,;:!?)'"\]])>?)|(?<strong>(?:\*\*(?<strongText>(?=\S)[\s\S]*?\S)\*\*)|(?:(?<!\w)__(?<strongUnder>(?=\S)[\s\S]*?\S)__(?!\w)))|(?<strike>~~(?<strikeText>(?=\S)[\s\S]*?\S)~~)|(?<emphasis>(?:\*(?<starText>(?=[^\s*])[^*]*?[^\s*])\*)|(?:(?<!\w)_(?<underText>(?=[^\s_])[^_]*?[^\s_])_(?!\w)))|(?<break> {2,}\n|\\\n)/g;

export function parseInline(text: string): Inline[] {
  const out: Inline[] = [];
  let at = 0;
  const plain = (piece: string) => {
    if (!piece) return;
    const last = out.at(-1);
    if (last?.kind === "text") last.text += piece;
    else out.push({ kind: "text", text: piece });
  };
  for (const match of text.matchAll(PATTERN)) {
    plain(text.slice(at, match.index));
    at = match.index + match[0].length;
    const read = readMatch(match.groups!, match[0]);
    if (typeof read === "string") plain(read);
    else out.push(read);
  }
  plain(text.slice(at));
  return out;
}

function readMatch(groups: Record<string, string | undefined>, whole: string): Inline | string {
  if (groups.code !== undefined) {
    return { kind: "code", text: groups.codeText!.replace(/\n/g, " ").trim() || groups.codeText! };
  }
  if (groups.escape !== undefined) return whole.slice(1);
  if (groups.link !== undefined) {
    const href = safeHref(groups.href ?? "");
    return href ? { kind: "link", href, inner: parseInline(groups.linkText!) } : whole;
  }
  if (groups.auto !== undefined) {
    return { kind: "link", href: groups.url!, inner: [{ kind: "text", text: groups.url! }] };
  }
  if (groups.strong !== undefined) {
    const text = groups.strongText ?? groups.strongUnder!;
    return { kind: "strong", inner: parseInline(text) };
  }
  if (groups.strike !== undefined) {
    return { kind: "strike", inner: parseInline(groups.strikeText!) };
  }
  if (groups.emphasis !== undefined) {
    return { kind: "emphasis", inner: parseInline(groups.starText ?? groups.underText!) };
  }
  return { kind: "break" };
}

/** Only addresses that cannot run anything: web, mail, and places on this page or server. */
export function safeHref(href: string): string | null {
  if (/^(https?:\/\/|mailto:)/i.test(href)) return href;
  return /^[a-z][a-z0-9+.-]*:|^\/\/|^\\|^$/i.test(href) ? null : href;
}
