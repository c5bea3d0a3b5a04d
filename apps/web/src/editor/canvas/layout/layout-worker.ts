import { type LayoutRequest, layoutGraph } from "./layout-graph.ts";

// The types of this package are those of a page; in a worker `self` posts without a target origin.
const worker = self as unknown as { onmessage: ((event: MessageEvent<LayoutRequest>) => void) | null; postMessage(message: unknown): void };

worker.onmessage = (event) => worker.postMessage(layoutGraph(event.data));
