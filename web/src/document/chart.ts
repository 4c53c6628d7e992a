/** Places of a run's bars on its time axis. Pure. */
import type { RunDetail, RunNode } from "../api/generated";

export interface TimeSpan {
  start: number;
  end: number;
}

/** From the run's start to its end, or to now. Never empty, so that dividing by it is safe. */
export function spanOf(run: RunDetail, now: number): TimeSpan {
  const lasts = run.finished_at ?? now;
  return { start: run.started_at, end: Math.max(lasts, run.started_at + 0.05) };
}

/** Left edge and width of a node's bar, from 0 to 1; null for a node that has not begun. */
export function barOf(
  node: RunNode,
  span: TimeSpan,
  now: number,
): { left: number; width: number } | null {
  if (node.started_at === null) return null;
  const whole = span.end - span.start;
  const seconds = node.seconds ?? Math.max(0, now - node.started_at);
  const left = clamp((node.started_at - span.start) / whole);
  return { left, width: Math.min(1 - left, seconds / whole) };
}

/** Round marks along the axis: at most `most`, in seconds since the start. */
export function ticksOf(span: TimeSpan, most: number): number[] {
  const whole = span.end - span.start;
  const step = niceStep(whole / most);
  const ticks: number[] = [];
  for (let i = 0; i * step <= whole + 1e-9; i++) ticks.push(Number((i * step).toFixed(6)));
  return ticks;
}

function niceStep(least: number): number {
  if (least > 30) return [60, 120, 300, 600, 1800, 3600].find((step) => step >= least) ?? 7200;
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5, 10].find((step) => step * power >= least) ?? 10) * power;
}

const clamp = (value: number) => Math.min(1, Math.max(0, value));
