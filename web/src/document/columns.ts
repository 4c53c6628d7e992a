/** The lineage of one column as the page shows it: which nodes and edges it runs through, and as a list. Pure. */
import type { ColumnRef, ColumnTrace, LineageStep, NodeLineage } from "../api/generated";

export interface ColumnPath {
  /** Nodes that the column comes from or goes into, its own among them. */
  nodes: ReadonlySet<string>;
  /** Edges that it runs along, as `edgeKey` names them. */
  edges: ReadonlySet<string>;
}

/** One line of the list. */
export interface ColumnLine {
  ref: ColumnRef;
  /** How it is used by the line that it belongs to. */
  uses: readonly string[];
  /** Steps from the column that was asked for, from 0. */
  level: number;
  /** It stands further up with what belongs to it. */
  again: boolean;
}

const WORDS: Readonly<Record<string, string>> = { copy: "as it is", expression: "computed" };

export const edgeKey = (parent: string, child: string) => `${parent}\n${child}`;

export function columnPath(trace: ColumnTrace): ColumnPath {
  const steps = [...trace.upstream, ...trace.downstream];
  return {
    nodes: new Set([
      trace.column.node,
      ...steps.flatMap((step) => [step.source.node, step.result.node]),
    ]),
    edges: new Set(steps.map((step) => edgeKey(step.source.node, step.result.node))),
  };
}

/** What the column comes from, each under what is made of it. */
export function upstreamLines(trace: ColumnTrace): ColumnLine[] {
  return lines(trace.column, trace.upstream, (step) => [step.result, step.source]);
}

/** What the column goes into, each under what it is made of. */
export function downstreamLines(trace: ColumnTrace): ColumnLine[] {
  return lines(trace.column, trace.downstream, (step) => [step.source, step.result]);
}

/** What decides about the rows of the node, without its own columns twice. */
export function rowLines({ rows }: NodeLineage): ColumnLine[] {
  return rows.map((step) => ({ ref: step.source, uses: step.uses, level: 0, again: false }));
}

export function usesText(uses: readonly string[]): string {
  return uses.map((use) => WORDS[use] ?? use).join(", ");
}

export const refKey = ({ node, column }: ColumnRef) => `${node}\n${column}`;

function lines(
  start: ColumnRef,
  steps: readonly LineageStep[],
  ends: (step: LineageStep) => [ColumnRef, ColumnRef],
): ColumnLine[] {
  const branches = new Map<string, { ref: ColumnRef; uses: readonly string[] }[]>();
  for (const step of steps) {
    const [from, to] = ends(step);
    const known = branches.get(refKey(from));
    const branch = { ref: to, uses: step.uses };
    if (known) known.push(branch);
    else branches.set(refKey(from), [branch]);
  }
  const shown = new Set<string>([refKey(start)]);
  const found: ColumnLine[] = [];
  const waiting = level(branches.get(refKey(start)), 0);
  for (let line = waiting.pop(); line; line = waiting.pop()) {
    const key = refKey(line.ref);
    const below = branches.get(key);
    const again = shown.has(key) && below !== undefined;
    found.push({ ...line, again });
    if (again) continue;
    shown.add(key);
    waiting.push(...level(below, line.level + 1));
  }
  return found;
}

function level(
  branches: readonly { ref: ColumnRef; uses: readonly string[] }[] | undefined,
  depth: number,
): ColumnLine[] {
  return [...(branches ?? [])]
    .reverse()
    .map((branch) => ({ ...branch, level: depth, again: false }));
}
