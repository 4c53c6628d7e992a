/** Asks the worker for a layout; the last answer is kept for a graph of the same shape. */
import type { ProjectGraph } from "../../document/graph";
import type { Layout, LayoutInput } from "./types";

export function inputOf(graph: ProjectGraph): LayoutInput {
  const place = new Map(graph.nodes.map((node, i) => [node.id, i]));
  const pairs: number[] = [];
  for (const node of graph.nodes) {
    for (const parent of graph.parents.get(node.id) ?? []) {
      pairs.push(place.get(parent)!, place.get(node.id)!);
    }
  }
  return { count: graph.nodes.length, edges: Int32Array.from(pairs) };
}

/** Two graphs with the same text have the same picture. */
export function shapeOf(graph: ProjectGraph): string {
  return graph.nodes.map((node) => `${node.id}<${graph.parents.get(node.id)?.join()}`).join("|");
}

export class LayoutClient {
  private worker: Worker | null = null;
  private asks = 0;
  private kept: { shape: string; layout: Promise<Layout> } | null = null;

  layout(graph: ProjectGraph): Promise<Layout> {
    const shape = shapeOf(graph);
    if (this.kept?.shape !== shape) {
      const layout = this.ask(inputOf(graph));
      this.kept = { shape, layout };
      layout.catch(() => (this.kept = null));
    }
    return this.kept!.layout;
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
