/**
 * What the painter needs of a graph, prepared once per change instead of once per frame: places,
 * colours, marks for what is lit or dimmed. What follows the pointer is added cheaply.
 */
import type { GraphNode } from "../api/generated";
import { edgeKey } from "../document/columns";
import type { ProjectGraph } from "../document/graph";
import { type Shown, type ShownStates, shownOf } from "../document/states";
import type { Box } from "./camera";
import { type ColourBy, groupOf } from "./colouring";
import { lanePiece, passed } from "./layout/drawing";
import { edgesOf } from "./layout/input";
import { type Layout, NODE_HEIGHT } from "./layout/types";

export interface Scene {
  nodes: readonly GraphNode[];
  layout: Layout;
  /** Colour token of each node under the chosen colouring. */
  colours: string[];
  shown: Shown[];
  /** Ends of each edge, as places of nodes: parent, child, parent, child ... */
  edges: Int32Array;
  /** 1 where a node is part of the selection; null when nothing is selected and all are equal. */
  lit: Uint8Array | null;
  /** Per piece: 0 ordinary, 1 lit, 2 dimmed. */
  pieceMarks: Uint8Array;
  /** The way of a column is lit: then the edges of the node in focus are not. */
  traced: boolean;
  focus: number;
  hover: number;
}

export interface SceneInput {
  graph: ProjectGraph;
  layout: Layout;
  states: ShownStates;
  colourBy: ColourBy;
  selected: ReadonlySet<string> | null;
  /** The only edges that are lit, by `edgeKey`; null when all between lit nodes are. */
  path: ReadonlySet<string> | null;
}

export function makeScene(input: SceneInput): Scene {
  const { graph, layout, states, colourBy, selected, path } = input;
  const { nodes } = graph;
  const shown = nodes.map((node) => shownOf(states, node.id));
  const colours = nodes.map((node, i) => groupOf(colourBy, node, shown[i]!).colour);
  const lit = selected && Uint8Array.from(nodes, (node) => (selected.has(node.id) ? 1 : 0));
  const edges = edgesOf(graph);
  const pieceMarks = new Uint8Array(layout.pieces.length / 4).fill(lit ? 2 : 0);
  const traced = path !== null;
  const pointer = { focus: -1, hover: -1 };
  const scene = { nodes, layout, colours, shown, edges, lit, pieceMarks, traced, ...pointer };
  if (path) {
    const idOf = (place: number) => nodes[place]!.id;
    lightEdges(scene, (parent, child) => path.has(edgeKey(idOf(parent), idOf(child))));
  } else if (lit) {
    lightEdges(scene, (parent, child) => lit[parent] === 1 && lit[child] === 1);
  }
  return scene;
}

/** The same scene with a node in focus and one under the pointer, and the edges that touch it. */
export function withPointer(scene: Scene, focus: number, hover: number): Scene {
  const near = hover >= 0 || scene.traced ? hover : focus;
  const pointed = { ...scene, focus, hover, pieceMarks: scene.pieceMarks.slice() };
  if (near >= 0) lightEdges(pointed, (parent, child) => parent === near || child === near);
  return pointed;
}

/** Places of the cards that are painted differently; null where more than cards is. */
export function differingCards(a: Scene, b: Scene): number[] | null {
  if (a.layout !== b.layout || a.focus !== b.focus || a.hover !== b.hover) return null;
  if ((a.lit === null) !== (b.lit === null) || a.traced !== b.traced) return null;
  if (!a.pieceMarks.every((mark, i) => mark === b.pieceMarks[i])) return null;
  return b.nodes.flatMap((_, i) => (cardsAlike(a, b, i) ? [] : [i]));
}

function cardsAlike(a: Scene, b: Scene, i: number): boolean {
  const [one, other] = [a.nodes[i]!, b.nodes[i]!];
  const [shown, otherwise] = [a.shown[i]!, b.shown[i]!];
  if (shown.standing !== otherwise.standing || shown.tests !== otherwise.tests) return false;
  if (a.colours[i] !== b.colours[i] || a.lit?.[i] !== b.lit?.[i]) return false;
  return one === other || wordsOf(one) === wordsOf(other);
}

/** All that is written on a node's card. */
export function wordsOf({ name, materialized, test_count }: GraphNode): string {
  return `${name} ${materialized} ${test_count}`;
}

function lightEdges(
  { layout, edges, pieceMarks }: Scene,
  isLit: (parent: number, child: number) => boolean,
): void {
  for (let edge = 0; edge < edges.length / 2; edge++) {
    const parent = edges[edge * 2]!;
    const child = edges[edge * 2 + 1]!;
    if (!isLit(parent, child)) continue;
    pieceMarks[edge] = 1;
    const lanes = lanePiece(layout, edges.length / 2, parent);
    pieceMarks.fill(1, lanes, lanes + 2 * passed(layout, parent, child));
  }
}

export function widthOf(layout: Layout, place: number): number {
  return layout.columnWidth[layout.column[place]!]!;
}

export function boxOf(layout: Layout, place: number): Box {
  return {
    x: layout.x[place]!,
    y: layout.y[place]!,
    width: widthOf(layout, place),
    height: NODE_HEIGHT,
  };
}

/** The box around all nodes, or around the given ones. */
export function boundsOf(layout: Layout, places?: readonly number[]): Box {
  if (!places) return { x: 0, y: 0, width: layout.width, height: layout.height };
  let [left, top, right, bottom] = [1 / 0, 1 / 0, -1 / 0, -1 / 0];
  for (const i of places) {
    left = Math.min(left, layout.x[i]!);
    top = Math.min(top, layout.y[i]!);
    right = Math.max(right, layout.x[i]! + widthOf(layout, i));
    bottom = Math.max(bottom, layout.y[i]! + NODE_HEIGHT);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** The node at a world point, or -1. */
export function nodeAt(layout: Layout, x: number, y: number): number {
  for (let i = layout.x.length - 1; i >= 0; i--) {
    const inX = x >= layout.x[i]! && x <= layout.x[i]! + widthOf(layout, i);
    if (inX && y >= layout.y[i]! && y <= layout.y[i]! + NODE_HEIGHT) return i;
  }
  return -1;
}
