/** Names cut to fit: the middle goes, since both the layer and the subject of a dbt name matter. */

export type Measure = (text: string) => number;

export function cutToFit(text: string, room: number, measure: Measure): string {
  if (measure(text) <= room) return text;
  let low = 1;
  let high = text.length - 1;
  while (low < high) {
    const kept = (low + high + 1) >> 1;
    if (measure(cut(text, kept)) <= room) low = kept;
    else high = kept - 1;
  }
  return cut(text, low);
}

function cut(text: string, kept: number): string {
  const head = Math.ceil(kept * 0.6);
  return `${text.slice(0, head)}…${text.slice(text.length - (kept - head))}`;
}
