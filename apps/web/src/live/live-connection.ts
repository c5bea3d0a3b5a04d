import type { LiveEvent } from "./live-event.ts";
import { liveStoreOf } from "./live-store.ts";
import { isSilent, type LiveTopics, type LiveTopicsInput, mergeTopics } from "./topics.ts";

export type ConnectionState = "idle" | "connecting" | "open" | "lost";

/** Opens the stream of the server; the result closes it. It reconnects by itself. */
export type OpenStream = (
  topics: LiveTopics,
  handlers: { readonly onEvents: (events: readonly LiveEvent[]) => void; readonly onState: (state: ConnectionState) => void },
) => () => void;

type StreamListener = (event: LiveEvent) => void;

/**
 * The one subscription of a tab. Every part of the page says what it wants to hear of; the wishes are merged, and
 * the stream is opened anew when their sum changes. Frames and statuses go to the live stores, all else to listeners.
 */
export class LiveConnection {
  readonly #open: OpenStream;
  readonly #wishes = new Set<LiveTopicsInput>();
  readonly #listeners = new Set<StreamListener>();
  readonly #stateListeners = new Set<() => void>();
  #state: ConnectionState = "idle";
  #current = "";
  #close: (() => void) | null = null;
  #scheduled = false;

  constructor(open: OpenStream) {
    this.#open = open;
  }

  /** Adds a wish; the result takes it back. */
  want(topics: LiveTopicsInput): () => void {
    this.#wishes.add(topics);
    this.#schedule();
    return () => {
      this.#wishes.delete(topics);
      this.#schedule();
    };
  }

  /** Alerts, rows, dead letters and log lines as they come. */
  onEvent(listener: StreamListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  onState(listener: () => void): () => void {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  }

  /** Wishes come and go together when a page changes; one microtask later the sum is known. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#apply();
    });
  }

  #apply(): void {
    const topics = mergeTopics(this.#wishes);
    const key = JSON.stringify(topics);
    if (key === this.#current) return;
    this.#current = key;
    this.#close?.();
    this.#close = null;
    if (isSilent(topics)) {
      this.#become("idle");
      return;
    }
    this.#become("connecting");
    this.#close = this.#open(topics, {
      onEvents: (events) => {
        for (const event of events) this.#dispatch(event);
      },
      onState: (state) => this.#become(state),
    });
  }

  #dispatch(event: LiveEvent): void {
    if (event.kind === "frame") liveStoreOf(event.frame.deploymentId).acceptFrame(event.frame);
    else if (event.kind === "status") liveStoreOf(event.status.deploymentId).acceptStatus(event.status);
    else for (const listener of this.#listeners) listener(event);
  }

  #become(state: ConnectionState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of this.#stateListeners) listener();
  }
}
