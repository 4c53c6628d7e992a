/**
 * Columns for what is new, and for what stood left of something that it reads now. Whatever need not move
 * stays; where one of several must, it is the one that takes fewest others along.
 */
import type { Changes } from "./changes";
import type { Adjacency } from "./ranks";

export interface Columned {
  /** Column of each node, -1 for nowhere. */
  readonly column: Int32Array;
  /** Makes room for a column: all from there on move right by one. */
  insertColumn(at: number): void;
}

/**
 * Gives every node a column. False where too much would have to move; `most` is how many nodes may for one
 * edge.
 */
export function settleColumns(
  ground: Columned,
  adjacency: Adjacency,
  { homeless, added }: Changes,
  most: number,
): boolean {
  const settling = new Settling(ground, adjacency, most);
  const found = parentsFirst(homeless, adjacency);
  return (
    found.every((node) => settling.house(node)) &&
    added.every((parent, i) => i % 2 === 1 || settling.mend(parent, added[i + 1]!))
  );
}

/** The nodes, each after those of them that it reads. */
function parentsFirst(nodes: readonly number[], { parents }: Adjacency): number[] {
  const waiting = new Set(nodes);
  const order: number[] = [];
  const visit = (node: number) => {
    if (!waiting.delete(node)) return;
    for (const parent of parents[node]!) visit(parent);
    order.push(node);
  };
  for (const node of nodes) visit(node);
  return order;
}

type Moves = Map<number, number>;

class Settling {
  private readonly column: Int32Array;

  constructor(
    private readonly ground: Columned,
    private readonly adjacency: Adjacency,
    private readonly most: number,
  ) {
    this.column = ground.column;
  }

  /** A column right of all parents and left of all children; next to whichever it has more of. */
  house(node: number): boolean {
    const { column } = this;
    const parents = this.adjacency.parents[node]!.filter((other) => column[other]! >= 0);
    const children = this.adjacency.children[node]!.filter((other) => column[other]! >= 0);
    const first = parents.reduce((c, other) => Math.max(c, column[other]! + 1), 0);
    const last = children.reduce((c, other) => Math.min(c, column[other]! - 1), 1 / 0);
    const byChildren = parents.length < children.length && last >= first;
    column[node] = byChildren ? last : first;
    return children.every((child) => this.mend(node, child));
  }

  /** Let the child stand right of the parent. */
  mend(parent: number, child: number): boolean {
    const { column } = this;
    if (column[parent]! < column[child]!) return true;
    const right = this.moved(child, column[parent]! + 1, 1);
    const left = this.moved(parent, column[child]! - 1, -1);
    const moves = left && (!right || left.size < right.size) ? left : right;
    moves?.forEach((to, node) => {
      column[node] = to;
    });
    return moves !== null || this.mendInOwnColumn(parent, child);
  }

  /** A column more, right of the parent, in which the child and what moves with it find room. */
  private mendInOwnColumn(parent: number, child: number): boolean {
    const at = this.column[parent]! + 1;
    if (this.reaches(child, parent)) return false;
    this.ground.insertColumn(at);
    const moves = this.moved(child, at, 1);
    moves?.forEach((to, node) => {
      this.column[node] = to;
    });
    return moves !== null;
  }

  private reaches(start: number, wanted: number): boolean {
    const seen = new Set([start]);
    for (const node of seen) for (const child of this.adjacency.children[node]!) seen.add(child);
    return seen.has(wanted);
  }

  /** All that must move when one does; null where that is much, or there is no room, or no end. */
  private moved(start: number, to: number, by: 1 | -1): Moves | null {
    const { parents, children } = this.adjacency;
    const next = by > 0 ? children : parents;
    const moves: Moves = new Map([[start, to]]);
    const waiting = [start];
    const furthest = Math.max(to, this.column[start]!) + this.column.length;
    while (waiting.length) {
      const node = waiting.pop()!;
      const at = moves.get(node)!;
      if (at < 0 || at > furthest || moves.size > this.most) return null;
      for (const other of next[node]!) {
        const stands = moves.get(other) ?? this.column[other]!;
        if (this.column[other]! < 0 || (stands - at) * by > 0) continue;
        moves.set(other, at + by);
        waiting.push(other);
      }
    }
    return moves;
  }
}
