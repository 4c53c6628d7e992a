import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import type { ProjectGraph } from "../document/graph";
import { type ShownStates, shownOf } from "../document/states";
import { theme } from "../ui/theme";
import { useObservable } from "../ui/useObservable";
import type { Insets } from "./camera";
import { type ColourBy, groupOf } from "./colouring";
import styles from "./LineageCanvas.module.css";
import type { Layout } from "./layout/types";
import { Minimap } from "./Minimap";
import { type Arrow, firstNode, nextNode } from "./navigation";
import { makeScene } from "./scene";
import { LineageView } from "./view";

export interface LineageCanvasProps {
  graph: ProjectGraph;
  layout: Layout;
  states: ShownStates;
  colourBy: ColourBy;
  /** Nodes to light up while the others step back; null when nothing is selected. */
  selected: ReadonlySet<string> | null;
  /** The only edges that are lit, by `edgeKey`; null when all between lit nodes are. */
  path: ReadonlySet<string> | null;
  focus: string | null;
  insets: Insets;
  onFocus: (id: string | null) => void;
  onOpen: (id: string) => void;
  /** Hands out the living canvas, for commands such as fit and zoom. */
  onReady: (view: LineageView | null) => void;
}

const ARROWS: Record<string, Arrow | undefined> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

/** The graph as a picture, with the keys that walk along it and words for those who cannot see it. */
export function LineageCanvas(props: LineageCanvasProps) {
  const { graph, layout, states, colourBy, selected, path, focus } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [view, setView] = useState<LineageView | null>(null);
  const trail = useRef<string[]>([]);
  const now = useObservable(theme);
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    const idOf = (place: number) => latest.current.graph.nodes[place]!.id;
    const made = new LineageView(canvas.current!, {
      pick: (place) => latest.current.onFocus(place === null ? null : idOf(place)),
      open: (place) => latest.current.onOpen(idOf(place)),
    });
    setView(made);
    latest.current.onReady(made);
    return () => {
      made.stop();
      latest.current.onReady(null);
    };
  }, []);

  const scene = useMemo(
    () => makeScene({ graph, layout, states, colourBy, selected, path }),
    [graph, layout, states, colourBy, selected, path],
  );
  const focusPlace = useMemo(
    () => graph.nodes.findIndex((node) => node.id === focus),
    [graph, focus],
  );
  useEffect(() => view?.show(scene, focusPlace), [view, scene, focusPlace]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new theme means new inks
  useEffect(() => view?.recolour(), [view, now]);
  useEffect(() => {
    if (view) view.insets = props.insets;
  }, [view, props.insets]);
  useFonts(view);

  const walk = (event: KeyboardEvent) => {
    const arrow = ARROWS[event.key];
    if (event.key === "Enter" && focus) props.onOpen(focus);
    if (!arrow || event.metaKey || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    const next = focus
      ? nextNode(graph, layout, focus, arrow, trail.current)
      : firstNode(graph, layout);
    if (!next) return;
    if (focus) trail.current = [...trail.current.slice(-63), focus];
    props.onFocus(next);
    view?.reveal(graph.nodes.findIndex((node) => node.id === next));
  };
  const focused = focus ? graph.byId.get(focus) : undefined;
  return (
    <div className={styles.frame}>
      <div
        className={styles.stage}
        role="group"
        aria-roledescription="graph"
        aria-label={`Lineage of ${graph.nodes.length} nodes. Arrow keys follow the edges, Enter opens a node.`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the picture is walked with arrow keys
        tabIndex={0}
        onKeyDown={walk}
        data-lineage-stage
      >
        <canvas ref={canvas} className={styles.canvas} />
      </div>
      <p className="visually-hidden" aria-live="polite">
        {focused && spoken(props, focused.id)}
      </p>
      <div className={styles.minimap}>{view && <Minimap scene={scene} view={view} />}</div>
    </div>
  );
}

/** Canvas text is measured once: draw again when the bundled fonts have arrived. */
function useFonts(view: LineageView | null) {
  useEffect(() => {
    let gone = false;
    void document.fonts?.ready.then(() => {
      if (!gone) view?.recolour();
    });
    return () => {
      gone = true;
    };
  }, [view]);
}

function spoken({ graph, states }: LineageCanvasProps, id: string): string {
  const node = graph.byId.get(id)!;
  const shown = shownOf(states, id);
  const parents = graph.parents.get(id)?.length ?? 0;
  const children = graph.children.get(id)?.length ?? 0;
  const state = groupOf("state", node, shown).label.toLowerCase();
  return `${node.name}, ${node.resource_type}, ${state}, ${parents} parents, ${children} children, ${node.test_count} tests`;
}
