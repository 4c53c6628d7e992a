import type { RefObject } from "react";
import type { GraphNode } from "../../api/generated";
import type { ColourBy } from "../../canvas/colouring";
import type { LineageView } from "../../canvas/view";
import type { ProjectGraph } from "../../document/graph";
import { selectorOf, withReach } from "../../document/selectors";
import type { Command } from "../../ui/commands/registry";
import { useCommands } from "../../ui/commands/useCommands";
import { navigate } from "../../ui/location";
import { nodeHref } from "../routes";
import { startRun } from "../runs/startRun";
import {
  type LineageState,
  setAlone,
  setColourBy,
  setColumn,
  setFocus,
  setGroup,
  setSelect,
  setShape,
} from "./useLineageState";

export interface LineageCommandInputs {
  /** Runs may not be started here. */
  readOnly: boolean;
  graph: ProjectGraph;
  state: LineageState;
  selected: ReadonlySet<string> | null;
  focus: GraphNode | undefined;
  view: LineageView | null;
  findInput: RefObject<HTMLInputElement | null>;
  selectInput: RefObject<HTMLInputElement | null>;
  layOut: () => void;
}

const SECTION = "Lineage";

/** Everything that can be done on the lineage page, by name. */
export function useLineageCommands(inputs: LineageCommandInputs): void {
  const { graph, state, selected, focus, view, readOnly, layOut } = inputs;
  useCommands(
    () => [...lookCommands(inputs), ...colourCommands(state), ...nodeCommands(inputs)],
    [graph, state, selected, focus, view, readOnly, layOut],
  );
}

function lookCommands(inputs: LineageCommandInputs): Command[] {
  const { graph, state, selected, view, findInput, selectInput } = inputs;
  const lit = () => graph.nodes.flatMap((node, i) => (selected?.has(node.id) ? [i] : []));
  const drawn = view !== null && state.shape === "graph";
  return [
    {
      id: "lineage.find",
      title: "Find a node",
      section: SECTION,
      keys: "/",
      run: () => findInput.current?.focus(),
    },
    {
      id: "lineage.select",
      title: "Write a selection",
      section: SECTION,
      keys: "s",
      words: "selector filter",
      run: () => selectInput.current?.focus(),
    },
    {
      id: "lineage.clear",
      title: "Clear column, then focus, group and selection",
      section: SECTION,
      keys: "escape",
      run: () => clearOne(state),
    },
    {
      id: "lineage.build",
      title: state.select ? "Build the selection" : "Build everything",
      section: SECTION,
      keys: "shift+b",
      disabled: inputs.readOnly,
      run: () => void startRun({ select: state.select }),
    },
    {
      id: "lineage.shape",
      title: state.shape === "list" ? "Show as a graph" : "Show as a list",
      section: SECTION,
      keys: "v",
      words: "table accessible",
      run: () => setShape(state.shape === "list" ? "graph" : "list"),
    },
    {
      id: "lineage.alone",
      title: state.alone ? "Show the selection among all nodes" : "Show the selection alone",
      section: SECTION,
      keys: "a",
      words: "isolate only filter hide",
      disabled: !state.select || state.shape === "list",
      run: () => setAlone(!state.alone),
    },
    {
      id: "lineage.fit",
      title: selected ? "Show the whole selection" : "Show everything",
      section: SECTION,
      keys: "f",
      words: "fit zoom",
      disabled: !drawn,
      run: () => view?.fit(lit()),
    },
    {
      id: "lineage.layout",
      title: "Lay out anew",
      section: SECTION,
      keys: "shift+l",
      words: "arrange tidy places",
      disabled: !drawn,
      run: inputs.layOut,
    },
    {
      id: "lineage.zoomIn",
      title: "Zoom in",
      section: SECTION,
      keys: "+",
      disabled: !drawn,
      run: () => view?.zoomBy(1.35),
    },
    {
      id: "lineage.zoomOut",
      title: "Zoom out",
      section: SECTION,
      keys: "-",
      disabled: !drawn,
      run: () => view?.zoomBy(1 / 1.35),
    },
  ];
}

function clearOne({ focus, column, group, select }: LineageState): void {
  if (column) setColumn(null);
  else if (focus) setFocus(null);
  else if (group) setGroup(null);
  else if (select) setSelect("");
}

/** The list of columns in the inspector, at the one that is shown. */
function focusColumns(): void {
  const list = document.querySelector("[data-columns]");
  const button = list?.querySelector("[aria-pressed=true]") ?? list?.querySelector("button");
  (button as HTMLButtonElement | null | undefined)?.focus();
}

function colourCommands(state: LineageState): Command[] {
  const choices: readonly [ColourBy, string][] = [
    ["state", "1"],
    ["type", "2"],
    ["materialisation", "3"],
  ];
  return choices.map(([by, keys]) => ({
    id: `lineage.colour.${by}`,
    title: `Colour by ${by}`,
    section: SECTION,
    keys,
    disabled: state.colourBy === by,
    run: () => setColourBy(by),
  }));
}

function nodeCommands({ graph, focus, readOnly }: LineageCommandInputs): Command[] {
  if (!focus) return [];
  const own = selectorOf(focus, graph);
  const name = focus.name;
  const select = (up: "all" | 0, down: "all" | 0) => setSelect(withReach(own, { up, down }));
  return [
    {
      id: "lineage.open",
      title: `Open ${name}`,
      section: SECTION,
      keys: "enter",
      run: () => navigate(nodeHref(focus.id)),
    },
    {
      id: "lineage.buildNode",
      title: `Build ${name}`,
      section: SECTION,
      disabled: readOnly,
      run: () => void startRun({ select: own }),
    },
    {
      id: "lineage.columns",
      title: `Columns of ${name}`,
      section: SECTION,
      keys: "c",
      words: "column lineage field",
      run: focusColumns,
    },
    {
      id: "lineage.upstream",
      title: `Select ${name} and everything upstream`,
      section: SECTION,
      keys: "[",
      words: "parents ancestors",
      run: () => select("all", 0),
    },
    {
      id: "lineage.downstream",
      title: `Select ${name} and everything downstream`,
      section: SECTION,
      keys: "]",
      words: "children descendants",
      run: () => select(0, "all"),
    },
    {
      id: "lineage.both",
      title: `Select ${name} with both sides`,
      section: SECTION,
      keys: "\\",
      run: () => select("all", "all"),
    },
  ];
}
