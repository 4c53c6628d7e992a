/**
 * What the painter needs of a graph, prepared once per change instead of once per frame: places,
 * colours, marks for what is lit, hovered or dimmed.
 */
import type { GraphNode } from "../api/generated";
import type { ProjectGraph } from "../document/graph";
import { type Shown, type ShownStates, shownOf } from "../document/states";
import type { Box } from "./camera";
import { type ColourBy, groupOf } from "./colouring";
import { type Layout, NODE_HEIGHT, NODE_WIDTH } from "./layout/types";

export interface Scene {
  nodes: readonly GraphNode[];
  layout: Layout;
  /** Colour token of each node under the chosen colouring. */
  colours: string[];
  shown: Shown[];
  /** 1 where a node is part of the selection; null when nothing is selected and all are equal. */
  lit: Uint8Array | null;
  /** Per piece: 0 ordinary, 1 lit, 2 dimmed. */
  pieceMarks: Uint8Array;
  focus: number;
  hover: number;
}

export interface SceneInput {
  graph: ProjectGraph;
  layout: Layout;
  states: ShownStates;
  colourBy: ColourBy;
  selected: ReadonlySet<string> | null;
  focus: string | null;
  hover: string | null;
}

export function makeScene(input: SceneInput): Scene {
  const { graph, layout, states, colourBy, selected } = input;
  const { nodes } = graph;
  const shown = nodes.map((node) => shownOf(states, node.id));
  const colours = nodes.map((node, i) => groupOf(colourBy, node, shown[i]!).colour);
  const lit = selected && Uint8Array.from(nodes, (node) => (selected.has(node.id) ? 1 : 0));
  const focus = placeOf(nodes, input.focus);
  const hover = placeOf(nodes, input.hover);
  const pieceMarks = markPieces(input, lit, focus, hover);
  return { nodes, layout, colours, shown, lit, pieceMarks, focus, hover };
}

function placeOf(nodes: readonly GraphNode[], id: string | null): number {
  return id === null ? -1 : nodes.findIndex((node) => node.id === id);
}

/** Lit: edges inside the selection, or edges of the node in focus or under the pointer. */
function markPieces(
  { graph, layout }: SceneInput,
  lit: Uint8Array | null,
  focus: number,
  hover: number,
): Uint8Array {
  const marks = new Uint8Array(layout.pieces.length / 4).fill(lit ? 2 : 0);
  let edge = 0;
  const place = new Map(graph.nodes.map((node, i) => [node.id, i]));
  const near = hover >= 0 ? hover : focus;
  graph.nodes.forEach((node, child) => {
    for (const parentId of graph.parents.get(node.id) ?? []) {
      const parent = place.get(parentId)!;
      const inside = lit !== null && lit[parent] === 1 && lit[child] === 1;
      const touches = parent === near || child === near;
      if (inside || touches) {
        for (let i = layout.edgeStarts[edge]!; i < layout.edgeStarts[edge + 1]!; i++) {
          marks[layout.edgePieces[i]!] = 1;
        }
      }
      edge++;
    }
  });
  return marks;
}

export function boxOf(layout: Layout, place: number): Box {
  return { x: layout.x[place]!, y: layout.y[place]!, width: NODE_WIDTH, height: NODE_HEIGHT };
}

/** The box around all nodes, or around the given ones. */
export function boundsOf(layout: Layout, places?: readonly number[]): Box {
  if (!places) return { x: 0, y: 0, width: layout.width, height: layout.height };
  let [left, top, right, bottom] = [1 / 0, 1 / 0, -1 / 0, -1 / 0];
  for (const i of places) {
    left = Math.min(left, layout.x[i]!);
    top = Math.min(top, layout.y[i]!);
    right = Math.max(right, layout.x[i]! + NODE_WIDTH);
    bottom = Math.max(bottom, layout.y[i]! + NODE_HEIGHT);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** The node at a world point, or -1. */
export function nodeAt(layout: Layout, x: number, y: number): number {
  for (let i = layout.x.length - 1; i >= 0; i--) {
    const inX = x >= layout.x[i]! && x <= layout.x[i]! + NODE_WIDTH;
    if (inX && y >= layout.y[i]! && y <= layout.y[i]! + NODE_HEIGHT) return i;
  }
  return -1;
}
