import { useMemo } from "react";
import type { ColourBy } from "../../canvas/colouring";
import { changeQuery, location } from "../../ui/location";
import { useObservable } from "../../ui/useObservable";

export interface LineageState {
  select: string;
  focus: string | null;
  /** A column of the node in focus, whose lineage is shown. */
  column: string | null;
  colourBy: ColourBy;
  /** A group of the legend that is lit up, or null. */
  group: string | null;
  shape: "graph" | "list";
  /** Only what is selected is drawn, laid out anew. */
  alone: boolean;
}

const COLOURS: readonly ColourBy[] = ["state", "type", "materialisation"];

/** What is looked at and how, read from the address, so that a refresh or a sent link shows the same. */
export function useLineageState(): LineageState {
  const { query } = useObservable(location);
  return useMemo(() => {
    const colour = query.get("colour") as ColourBy | null;
    return {
      select: query.get("select") ?? "",
      focus: query.get("focus"),
      column: query.get("focus") && query.get("column"),
      colourBy: colour && COLOURS.includes(colour) ? colour : "state",
      group: query.get("group"),
      shape: query.get("view") === "list" ? "list" : "graph",
      alone: query.get("alone") === "yes",
    };
  }, [query]);
}

export const setSelect = (select: string) => changeQuery({ select: select.trim() || null });

export const setFocus = (focus: string | null, column: string | null = null) =>
  changeQuery({ focus, column });

export const setColumn = (column: string | null) => changeQuery({ column });

export const setGroup = (group: string | null) => changeQuery({ group });

export const setColourBy = (colour: ColourBy) =>
  changeQuery({ colour: colour === "state" ? null : colour, group: null });

export const setAlone = (alone: boolean) => changeQuery({ alone: alone ? "yes" : null });

export const setShape = (shape: "graph" | "list") =>
  changeQuery({ view: shape === "list" ? "list" : null }, { push: true });
