/** Finds things by a few typed letters: the letters in order, words' beginnings and runs first. Pure. */

export interface Found<T> {
  item: T;
  score: number;
  /** Positions in the text that matched, for highlighting. */
  marks: number[];
}

/** The best matches, best first; with an empty query the first items as they stand. */
export function search<T>(
  items: readonly T[],
  query: string,
  textOf: (item: T) => string,
  limit: number,
): Found<T>[] {
  const wanted = query.trim().toLowerCase();
  if (!wanted) return items.slice(0, limit).map((item) => ({ item, score: 0, marks: [] }));
  const found: Found<T>[] = [];
  for (const item of items) {
    const match = matchText(textOf(item).toLowerCase(), wanted);
    if (match) found.push({ item, ...match });
  }
  return found.sort((a, b) => b.score - a.score).slice(0, limit);
}

interface Match {
  score: number;
  marks: number[];
}

function matchText(text: string, query: string): Match | null {
  const at = text.indexOf(query);
  if (at >= 0) {
    const marks = Array.from({ length: query.length }, (_, i) => at + i);
    const whole = text.length === query.length ? 50 : 0;
    return { score: 100 + whole + (startsWord(text, at) ? 30 : 0) - lengthCost(text), marks };
  }
  // Jumping to the next word can step over a letter that is needed; then take the letters as they come.
  return matchLetters(text, query, bestPosition) ?? matchLetters(text, query, nextPosition);
}

const FEWEST_PER_LETTER = 3;

type Position = (text: string, letter: string, from: number) => number;

function matchLetters(text: string, query: string, position: Position): Match | null {
  const marks: number[] = [];
  let score = 0;
  let from = 0;
  for (const letter of query) {
    if (letter === " ") continue;
    const at = position(text, letter, from);
    if (at < 0) return null;
    const follows = at === from && marks.length > 0;
    score += follows ? 6 : startsWord(text, at) ? 5 : 1;
    marks.push(at);
    from = at + 1;
  }
  // Letters strewn over a text are no match: on average they must begin words or follow each other.
  if (score < marks.length * FEWEST_PER_LETTER) return null;
  return { score: score - lengthCost(text), marks };
}

/** The next place of a letter: right here, else at a word's beginning, else anywhere. */
function bestPosition(text: string, letter: string, from: number): number {
  const first = text.indexOf(letter, from);
  if (first <= from) return first;
  for (let at = first; at >= 0; at = text.indexOf(letter, at + 1)) {
    if (startsWord(text, at)) return at;
  }
  return first;
}

const nextPosition: Position = (text, letter, from) => text.indexOf(letter, from);

function startsWord(text: string, at: number): boolean {
  return at === 0 || !/[a-z0-9]/.test(text[at - 1] ?? "");
}

function lengthCost(text: string): number {
  return Math.min(text.length, 200) / 20;
}
