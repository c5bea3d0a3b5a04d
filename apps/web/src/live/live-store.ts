import type { DeploymentStatus, EdgeMetrics, MetricsFrame, NodeMetrics } from "@millrace/protocol";

/** Called with the newest numbers, up to four times a second. Writes to the DOM through a ref; must not set React state. */
export type NodeListener = (metrics: NodeMetrics, frame: MetricsFrame) => void;
export type EdgeListener = (metrics: EdgeMetrics, frame: MetricsFrame) => void;
export type FrameListener = (frame: MetricsFrame) => void;
export type StatusListener = (status: DeploymentStatus) => void;

/** Takes a listener away again. */
export type Unsubscribe = () => void;

/**
 * The live numbers of one deployment. They never enter React's state: whoever shows a number subscribes to its
 * node or edge and writes it itself. A new listener is called at once with the newest numbers, if there are any.
 */
export class LiveStore {
  #frame: MetricsFrame | null = null;
  #receivedAtMs: number | null = null;
  #status: DeploymentStatus | null = null;
  readonly #nodes = new Map<string, Set<NodeListener>>();
  readonly #edges = new Map<string, Set<EdgeListener>>();
  readonly #frames = new Set<FrameListener>();
  readonly #statuses = new Set<StatusListener>();

  /** Numbers of a node, by its slug. */
  subscribeNode(slug: string, listener: NodeListener): Unsubscribe {
    const metrics = this.#frame?.nodes[slug];
    if (this.#frame !== null && metrics !== undefined) listener(metrics, this.#frame);
    return addTo(this.#nodes, slug, listener);
  }

  /** Numbers of an edge, by `edgeKey` of the protocol: `from node.port>to node.port`. */
  subscribeEdge(key: string, listener: EdgeListener): Unsubscribe {
    const metrics = this.#frame?.edges[key];
    if (this.#frame !== null && metrics !== undefined) listener(metrics, this.#frame);
    return addTo(this.#edges, key, listener);
  }

  /** Whole frames, for sums and charts. */
  subscribeFrame(listener: FrameListener): Unsubscribe {
    if (this.#frame !== null) listener(this.#frame);
    this.#frames.add(listener);
    return () => this.#frames.delete(listener);
  }

  /** What the runtime says of the deployment: rare enough for React state. */
  subscribeStatus(listener: StatusListener): Unsubscribe {
    if (this.#status !== null) listener(this.#status);
    this.#statuses.add(listener);
    return () => this.#statuses.delete(listener);
  }

  latestFrame(): MetricsFrame | null {
    return this.#frame;
  }

  /** When the newest frame arrived, by the clock of this browser. */
  receivedAtMs(): number | null {
    return this.#receivedAtMs;
  }

  latestStatus(): DeploymentStatus | null {
    return this.#status;
  }

  /** Takes a frame in and tells the listeners; an older frame than the newest is ignored. */
  acceptFrame(frame: MetricsFrame): void {
    if (this.#frame !== null && frame.atMs < this.#frame.atMs) return;
    this.#frame = frame;
    this.#receivedAtMs = Date.now();
    for (const [slug, listeners] of this.#nodes) {
      const metrics = frame.nodes[slug];
      if (metrics !== undefined) for (const listener of listeners) listener(metrics, frame);
    }
    for (const [key, listeners] of this.#edges) {
      const metrics = frame.edges[key];
      if (metrics !== undefined) for (const listener of listeners) listener(metrics, frame);
    }
    for (const listener of this.#frames) listener(frame);
  }

  /** Takes a status in and tells the listeners. */
  acceptStatus(status: DeploymentStatus): void {
    if (this.#status !== null && status.updatedAtMs < this.#status.updatedAtMs) return;
    this.#status = status;
    for (const listener of this.#statuses) listener(status);
  }
}

function addTo<L>(sets: Map<string, Set<L>>, key: string, listener: L): Unsubscribe {
  let set = sets.get(key);
  if (set === undefined) {
    set = new Set();
    sets.set(key, set);
  }
  set.add(listener);
  return () => {
    set.delete(listener);
    if (set.size === 0 && sets.get(key) === set) sets.delete(key);
  };
}

const stores = new Map<string, LiveStore>();

/** The store of a deployment in this tab; the same one for the same id. `useLiveTopics` fills it. */
export function liveStoreOf(deploymentId: string): LiveStore {
  let store = stores.get(deploymentId);
  if (store === undefined) {
    store = new LiveStore();
    stores.set(deploymentId, store);
  }
  return store;
}
