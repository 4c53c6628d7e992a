import { useEffect, useMemo, useState } from "react";
import { api } from "../api/client";
import type { Fault } from "../api/generated";
import { useResource } from "../sync/hooks";

export interface SelectionState {
  /** The ids that the text means; null while there is no text, or no answer yet. */
  ids: readonly string[] | null;
  /** The text that `ids` are of: an older one while a new text is asked about. */
  text: string;
  fault: Fault | null;
  loading: boolean;
}

const NOTHING = { ids: [] };
const PAUSE_MS = 180;

/** What a dbt selection means, as the server reads it; asked for when typing pauses. */
export function useSelection(select: string, exclude = ""): SelectionState {
  const wanted = `${select.trim()}\n${exclude.trim()}`;
  const [asked, setAsked] = useState(wanted);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(wanted), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [wanted]);
  const [q = "", x = ""] = asked.split("\n");
  const blank = asked === "\n";
  const answer = useResource(`select:${asked}`, () =>
    blank ? Promise.resolve(NOTHING) : api.select(q, x),
  );
  const waiting = answer.loading || asked !== wanted;
  return useMemo(() => {
    if (blank) return { ids: null, text: q, fault: null, loading: waiting };
    return {
      ids: answer.fault ? null : (answer.data?.ids ?? null),
      text: q,
      fault: answer.fault,
      loading: waiting,
    };
  }, [answer, blank, q, waiting]);
}
