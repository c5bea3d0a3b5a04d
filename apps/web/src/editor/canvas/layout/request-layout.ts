import type { LayoutRequest, LayoutResult } from "./layout-graph.ts";

/** Lays a graph out in a worker of its own, so that the page stays alive. Rejects when the worker cannot start. */
export function requestLayout(request: LayoutRequest): Promise<LayoutResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./layout-worker.ts", import.meta.url), { type: "module" });
    const end = (finish: () => void): void => {
      worker.terminate();
      finish();
    };
    worker.onmessage = (event: MessageEvent<LayoutResult>) => end(() => resolve(event.data));
    worker.onerror = (event) => end(() => reject(new Error(event.message)));
    worker.postMessage(request);
  });
}
