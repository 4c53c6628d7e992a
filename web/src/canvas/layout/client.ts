/** Has layouts made by a worker, away from the page's own thread. */
import type { Layout, LayoutInput } from "./types";

export class LayoutClient {
  private worker: Worker | null = null;
  private asks = 0;

  readonly layOut = (input: LayoutInput): Promise<Layout> => {
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
  };
}
