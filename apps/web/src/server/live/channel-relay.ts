import type { Redis } from "ioredis";
import { log } from "../log.ts";

type ChannelListener = (message: string) => void;

/** Pub/sub over one connection: a channel is subscribed while somebody listens, however many listen. */
export class ChannelRelay {
  readonly #subscriber: Redis;
  readonly #listeners = new Map<string, Set<ChannelListener>>();

  constructor(subscriber: Redis) {
    this.#subscriber = subscriber;
    subscriber.on("message", (channel: string, message: string) => {
      for (const listener of this.#listeners.get(channel) ?? []) listener(message);
    });
  }

  /** Calls back with every message; the result ends it. While Redis is away there are none. */
  listen(channel: string, listener: ChannelListener): () => void {
    const existing = this.#listeners.get(channel);
    if (existing === undefined) {
      this.#listeners.set(channel, new Set([listener]));
      this.#run(this.#subscriber.subscribe(channel));
    } else existing.add(listener);
    return () => this.#forget(channel, listener);
  }

  #forget(channel: string, listener: ChannelListener): void {
    const listeners = this.#listeners.get(channel);
    if (listeners === undefined) return;
    listeners.delete(listener);
    if (listeners.size > 0) return;
    this.#listeners.delete(channel);
    this.#run(this.#subscriber.unsubscribe(channel));
  }

  /** The connection subscribes again by itself after an outage, so a failure here needs no more than a line. */
  #run(command: Promise<unknown>): void {
    command.catch((error: unknown) => log.debug({ reason: String(error) }, "a subscription has to wait for Redis"));
  }
}
