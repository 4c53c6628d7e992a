/**
 * The pictures of a page, by name. Each follows the graph that it shows: after an edit it is made of the
 * layout that stands, at once; where that is not possible, or a new one is asked for, in the worker.
 */
import type { ProjectGraph } from "../../document/graph";
import { Observable } from "../../ui/observable";
import { followed } from "./follow";
import { edgesOf, inputOf } from "./input";
import type { Layout, LayoutInput } from "./types";

export interface LaidOut {
  picture: string;
  graph: ProjectGraph;
  layout: Layout;
}

const KEPT = 4;

export class Pictures {
  /** Rises whenever the worker has given a layout. */
  readonly answers = new Observable(0);
  private readonly kept = new Map<string, LaidOut>();
  private readonly asked = new Map<string, Promise<void>>();

  constructor(private readonly layOut: (input: LayoutInput) => Promise<Layout>) {}

  /** The picture of this graph; null where it has to be asked for. */
  at(picture: string, graph: ProjectGraph): LaidOut | null {
    const before = this.kept.get(picture);
    if (!before || before.graph === graph) return before ?? null;
    const layout = followedBy(before, graph);
    if (!layout) return null;
    const next = { picture, graph, layout };
    this.kept.set(picture, next);
    return next;
  }

  /** Lay out everything; what stands is shown until then. */
  ask(picture: string, graph: ProjectGraph): Promise<void> {
    const asked = this.asked.get(picture) ?? this.answered(picture, graph);
    this.asked.set(picture, asked);
    return asked;
  }

  private async answered(picture: string, graph: ProjectGraph): Promise<void> {
    try {
      const layout = await this.begun(graph);
      this.kept.delete(picture);
      this.kept.set(picture, { picture, graph, layout });
      for (const old of this.kept.keys()) if (this.kept.size > KEPT) this.kept.delete(old);
    } finally {
      this.asked.delete(picture);
    }
    this.answers.update((count) => count + 1);
  }

  /** Asynchronous, so that even what fails at once does so after it was noted who asked. */
  private async begun(graph: ProjectGraph): Promise<Layout> {
    return this.layOut(inputOf(graph));
  }
}

function followedBy({ graph, layout }: LaidOut, next: ProjectGraph): Layout | null {
  if (graph.parents === next.parents) return layout;
  const places = new Map(graph.nodes.map((node, place) => [node.id, place]));
  const before = Int32Array.from(next.nodes, (node) => places.get(node.id) ?? -1);
  const [edgesBefore, edges] = [edgesOf(graph), edgesOf(next)];
  const sameNodes = places.size === before.length && before.every((old, node) => old === node);
  if (sameNodes && alike(edgesBefore, edges)) return layout;
  return followed({ places: layout, edges: edgesBefore }, before, inputOf(next));
}

function alike(a: Int32Array, b: Int32Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
