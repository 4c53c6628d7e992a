/** Asks the worker for layouts; the last answers are kept for graphs of the same shape. */
import type { ProjectGraph } from "../../document/graph";
import type { Layout, LayoutInput } from "./types";

/** What a card takes beside its name, and about what a letter of the name takes. */
const CARD_EXTRA = 48;
const LETTER_WIDTH = 6.6;

/** Graphs that share who reads whom have the same nodes in the same order. */
const EDGES = new WeakMap<ProjectGraph["parents"], Int32Array>();

/** The edges of a graph, as places of their ends: parent, child, parent, child ... */
export function edgesOf(graph: ProjectGraph): Int32Array {
  const known = EDGES.get(graph.parents);
  if (known) return known;
  const edges = placesOfEdges(graph);
  EDGES.set(graph.parents, edges);
  return edges;
}

function placesOfEdges(graph: ProjectGraph): Int32Array {
  const place = new Map(graph.nodes.map((node, i) => [node.id, i]));
  const pairs: number[] = [];
  for (const node of graph.nodes) {
    for (const parent of graph.parents.get(node.id) ?? []) {
      pairs.push(place.get(parent)!, place.get(node.id)!);
    }
  }
  return Int32Array.from(pairs);
}

export function inputOf(graph: ProjectGraph): LayoutInput {
  return {
    count: graph.nodes.length,
    edges: edgesOf(graph),
    widths: Float32Array.from(graph.nodes, (node) => CARD_EXTRA + node.name.length * LETTER_WIDTH),
  };
}

/** Two graphs with the same text have the same picture. */
export function shapeOf(graph: ProjectGraph): string {
  return graph.nodes.map((node) => `${node.id}<${graph.parents.get(node.id)?.join()}`).join("|");
}

const KEPT = 4;

export class LayoutClient {
  private worker: Worker | null = null;
  private asks = 0;
  private readonly kept = new Map<string, Promise<Layout>>();

  layout(graph: ProjectGraph): Promise<Layout> {
    const shape = shapeOf(graph);
    const known = this.kept.get(shape);
    if (known) return known;
    const layout = this.ask(inputOf(graph));
    this.kept.set(shape, layout);
    layout.catch(() => this.kept.delete(shape));
    for (const old of this.kept.keys()) {
      if (this.kept.size > KEPT) this.kept.delete(old);
    }
    return layout;
  }

  private ask(input: LayoutInput): Promise<Layout> {
    this.worker ??= new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    const worker = this.worker;
    const ask = ++this.asks;
    return new Promise((resolve, reject) => {
      const answered = (message: MessageEvent<{ ask: number; layout: Layout }>) => {
        if (message.data.ask !== ask) return;
        worker.removeEventListener("message", answered);
        resolve(message.data.layout);
      };
      worker.addEventListener("message", answered);
      worker.addEventListener("error", () => reject(new Error("The layout failed.")), {
        once: true,
      });
      worker.postMessage({ ask, input });
    });
  }
}
