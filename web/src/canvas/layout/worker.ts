/** Lays out graphs away from the page's own thread. */
import { layoutGraph } from "./layered";
import type { LayoutInput } from "./types";

self.onmessage = (message: MessageEvent<{ ask: number; input: LayoutInput }>) => {
  const { ask, input } = message.data;
  self.postMessage({ ask, layout: layoutGraph(input) });
};
