import { useEffect, useMemo, useRef, useState } from "react";
import { LayoutClient } from "../../canvas/layout/client";
import { type LaidOut, Pictures } from "../../canvas/layout/pictures";
import type { ProjectGraph } from "../../document/graph";
import { showToast } from "../../ui/toasts";
import { useObservable } from "../../ui/useObservable";

// For the whole page: going away and coming back finds the pictures made.
const pictures = new Pictures(new LayoutClient().layOut);

/** What is drawn: a graph, and the name of the picture that is of it now. */
export interface Drawn {
  picture: string;
  graph: ProjectGraph;
}

/** Forget where nodes stand: everything is laid out as if seen for the first time. */
export function layOutAnew({ picture, graph }: Drawn): void {
  pictures.ask(picture, graph).catch(() => {
    showToast({ tone: "bad", text: "The picture could not be made" });
  });
}

/** The graph with its places. While everything is laid out, what was shown before stays. */
export function useLayout({ picture, graph }: Drawn): {
  laidOut: LaidOut | null;
  failed: boolean;
} {
  const answers = useObservable(pictures.answers);
  const shown = useRef<LaidOut | null>(null);
  const [failed, setFailed] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: an answer is a new picture
  const present = useMemo(() => pictures.at(picture, graph), [picture, graph, answers]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: an answer may be of an older graph
  useEffect(() => {
    if (!present) pictures.ask(picture, graph).catch(() => setFailed(true));
    else {
      shown.current = present;
      setFailed(false);
    }
  }, [present, picture, graph, answers]);
  return { laidOut: present ?? shown.current, failed };
}
