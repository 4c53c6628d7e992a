import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Insets } from "../../canvas/camera";
import { groupOf } from "../../canvas/colouring";
import { LineageCanvas } from "../../canvas/LineageCanvas";
import type { LaidOut } from "../../canvas/layout/pictures";
import type { LineageView } from "../../canvas/view";
import { type ColumnPath, columnPath } from "../../document/columns";
import { type ProjectGraph, subgraph } from "../../document/graph";
import { search } from "../../document/search";
import { type ShownStates, shownOf } from "../../document/states";
import {
  useColumnLineage,
  useGraph,
  useProject,
  useReadOnly,
  useShownStates,
} from "../../sync/hooks";
import { CommandButton } from "../../ui/Button";
import { Empty, Loading } from "../../ui/Empty";
import { count } from "../../ui/format";
import { navigate } from "../../ui/location";
import { SearchBox } from "../../ui/SearchBox";
import { ResourceFault } from "../faults/ResourceFault";
import { NodeName } from "../NodeName";
import { nodeHref } from "../routes";
import { type SelectionState, useSelection } from "../useSelection";
import { useTitle } from "../useTitle";
import { Inspector } from "./Inspector";
import { Legend } from "./Legend";
import styles from "./LineagePage.module.css";
import { NodeList } from "./NodeList";
import { SelectBox } from "./SelectBox";
import { type Drawn, layOutAnew, useLayout } from "./useLayout";
import { useLineageCommands } from "./useLineageCommands";
import { type LineageState, setFocus, setSelect, useLineageState } from "./useLineageState";

/** The project as a graph: find, select, colour, walk, build. */
export function LineagePage() {
  const graph = useGraph();
  const project = useProject();
  useTitle("Lineage");
  if (!graph.data) {
    if (graph.fault) return <ResourceFault fault={graph.fault} resource="graph" />;
    return <Loading what="the lineage" />;
  }
  if (graph.data.nodes.length === 0) return <NoNodes faults={project.data?.fault_count ?? 0} />;
  return <Lineage graph={graph.data} />;
}

function NoNodes({ faults }: { faults: number }) {
  if (faults > 0) {
    return (
      <Empty title="The project could not be read">
        <p>Its lineage appears once the faults in its files are mended.</p>
        <CommandButton command="go.faults" kind="primary">
          See what is wrong
        </CommandButton>
      </Empty>
    );
  }
  return (
    <Empty title="No models yet">
      <p>
        Put a file with a <code>select</code> into the project's <code>models</code> folder and read
        the project again.
      </p>
      <CommandButton command="project.reload" icon="again" />
    </Empty>
  );
}

function Lineage({ graph: whole }: { graph: ProjectGraph }) {
  const state = useLineageState();
  const states = useShownStates(whole);
  const selection = useSelection(state.select);
  const drawn = useDrawn(whole, state, selection);
  const { graph } = drawn;
  const path = useColumnPath(state);
  const chosen = useLit(graph, states, state, selection);
  const selected = path?.nodes ?? chosen;
  const focus = state.focus ? graph.byId.get(state.focus) : undefined;
  const [view, setView] = useState<LineageView | null>(null);
  const findInput = useRef<HTMLInputElement>(null);
  const selectInput = useRef<HTMLInputElement>(null);
  const open = useCallback((id: string) => navigate(nodeHref(id)), []);
  const go = useCallback(
    (id: string, column: string | null = null) => {
      setFocus(id, column);
      // The inspector opens with the focus: the node goes into the middle of what it leaves free.
      if (view) view.insets = insetsFor(true);
      view?.centre(graph.nodes.findIndex((node) => node.id === id));
      document.querySelector<HTMLElement>("[data-lineage-stage]")?.focus();
    },
    [graph, view],
  );
  const readOnly = useReadOnly();
  useLineageCommands({
    readOnly,
    graph,
    state,
    selected,
    focus,
    view,
    findInput,
    selectInput,
    layOut: useCallback(() => layOutAnew(drawn), [drawn]),
  });

  const find = (query: string) => search(graph.nodes, query, (node) => node.name, 12);
  return (
    <div className={styles.lineage}>
      {state.shape === "list" ? (
        <NodeList graph={graph} states={states} selected={selected} />
      ) : (
        <Picture
          drawn={drawn}
          states={states}
          state={state}
          selected={selected}
          path={path}
          onOpen={open}
          view={view}
          onReady={setView}
        />
      )}
      <div className={styles.tools} data-shape={state.shape}>
        <div className={styles.toolRow}>
          <SearchBox
            label="Find a node"
            placeholder="Find"
            keys="/"
            find={find}
            idOf={(found) => found.item.id}
            render={(found) => <NodeName node={found.item} marks={found.marks} />}
            onTake={(found) => (state.shape === "list" ? open(found.item.id) : go(found.item.id))}
            input={findInput}
          />
          <SelectBox
            value={state.select}
            selection={selection}
            graph={whole}
            onChange={setSelect}
            input={selectInput}
          />
          <CommandButton
            command="lineage.build"
            icon="play"
            kind="primary"
            className={styles.build}
          >
            {buildLabel(selection, whole)}
          </CommandButton>
          <CommandButton
            command="lineage.alone"
            icon="alone"
            iconOnly
            pressed={state.alone}
            className={styles.shape}
          />
          <CommandButton
            command="lineage.shape"
            icon={state.shape === "list" ? "graph" : "list"}
            iconOnly
            className={styles.shape}
          />
        </div>
        <Legend colourBy={state.colourBy} group={state.group} graph={graph} states={states} />
      </div>
      {focus && state.shape === "graph" && (
        <div className={styles.inspector}>
          <Inspector
            node={focus}
            graph={graph}
            states={states}
            column={state.column}
            onGo={go}
            onClose={() => setFocus(null)}
          />
        </div>
      )}
      {state.shape === "graph" && (
        <div className={styles.zoom}>
          <CommandButton command="lineage.zoomIn" icon="plus" iconOnly />
          <CommandButton command="lineage.zoomOut" icon="minus" iconOnly />
          <CommandButton command="lineage.fit" icon="fit" iconOnly />
        </div>
      )}
    </div>
  );
}

/** The graph to draw: all of it, or the selection alone. Each keeps its places while the project is edited. */
function useDrawn(
  whole: ProjectGraph,
  { alone }: LineageState,
  { ids, text }: SelectionState,
): Drawn {
  return useMemo(
    () =>
      alone && ids?.length
        ? { picture: `alone ${text}`, graph: subgraph(whole, new Set(ids)) }
        : { picture: "all", graph: whole },
    [whole, alone, ids, text],
  );
}

function buildLabel({ ids }: SelectionState, graph: ProjectGraph): string {
  if (!ids) return "Build all";
  return `Build ${count(ids.filter((id) => graph.byId.has(id)).length)}`;
}

/** Where the column that is looked at comes from and goes to; null without one. */
function useColumnPath({ focus, column }: LineageState): ColumnPath | null {
  const { data } = useColumnLineage(column === null ? null : focus, column);
  const trace = data?.columns[0];
  return useMemo(() => (trace ? columnPath(trace) : null), [trace]);
}

/** What is lit: the selection, a group of the legend, or what both have in common. */
function useLit(
  graph: ProjectGraph,
  states: ShownStates,
  { colourBy, group, alone }: LineageState,
  { ids }: SelectionState,
): ReadonlySet<string> | null {
  return useMemo(() => {
    const chosen = alone || !ids ? null : new Set(ids);
    if (!group) return chosen;
    const inGroup = graph.nodes.filter(
      (node) =>
        groupOf(colourBy, node, shownOf(states, node.id)).key === group &&
        (!chosen || chosen.has(node.id)),
    );
    return new Set(inGroup.map((node) => node.id));
  }, [graph, states, colourBy, group, alone, ids]);
}

/** What the tools and the inspector cover, so that pictures are fitted into the rest. */
function insetsFor(focused: boolean): Insets {
  if (window.innerWidth > 720) return { top: 92, right: focused ? 330 : 0, bottom: 0, left: 0 };
  return { top: 210, right: 0, bottom: focused ? window.innerHeight * 0.42 : 0, left: 0 };
}

function Picture(props: {
  drawn: Drawn;
  states: ShownStates;
  state: LineageState;
  selected: ReadonlySet<string> | null;
  path: ColumnPath | null;
  view: LineageView | null;
  onOpen: (id: string) => void;
  onReady: (view: LineageView | null) => void;
}) {
  const { drawn, state, selected, view } = props;
  const { laidOut: shown, failed } = useLayout(drawn);
  const focused = state.focus !== null && drawn.graph.byId.has(state.focus);
  const insets = useMemo(() => insetsFor(focused), [focused]);
  useLook(shown, state, selected, view);
  if (failed) {
    return (
      <Empty title="The picture could not be made">
        <p>The list shows the same nodes.</p>
        <CommandButton command="lineage.shape" icon="list" />
      </Empty>
    );
  }
  if (!shown) return <Loading what="the picture" />;
  return (
    <LineageCanvas
      graph={shown.graph}
      layout={shown.layout}
      states={props.states}
      colourBy={state.colourBy}
      selected={selected}
      path={props.path?.edges ?? null}
      focus={focused ? state.focus : null}
      insets={insets}
      onFocus={setFocus}
      onOpen={props.onOpen}
      onReady={props.onReady}
    />
  );
}

/** Where to look: first at the node in focus, else at everything; then at each new selection or picture. */
function useLook(
  shown: LaidOut | null,
  { focus, select, alone }: LineageState,
  selected: ReadonlySet<string> | null,
  view: LineageView | null,
) {
  const looked = useRef<LineageView | null>(null);
  const seen = useRef({ select, picture: shown?.picture });
  useEffect(() => {
    if (!view || !shown) return;
    const { nodes } = shown.graph;
    const places = nodes.flatMap((node, i) => (selected?.has(node.id) ? [i] : []));
    const before = seen.current;
    if (looked.current !== view) {
      looked.current = view;
      const place = nodes.findIndex((node) => node.id === focus);
      if (place >= 0 && !alone) view.centre(place, { jump: true });
      else if (places.length) view.fit(places, { jump: true });
      else view.begin();
    } else if (before.picture !== shown.picture) {
      view.fit(places, { jump: true });
    } else if (select !== before.select && selected) {
      view.fit(places);
    }
    const answered = selected !== null || !select;
    seen.current = { select: answered ? select : before.select, picture: shown.picture };
  }, [shown, focus, select, alone, selected, view]);
}
