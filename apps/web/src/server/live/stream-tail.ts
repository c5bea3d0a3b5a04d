import type { Redis } from "ioredis";
import { log } from "../log.ts";
import { type RawEntry, readEntry, type StreamEntry } from "../redis/stream-entry.ts";

type TailListener = (entries: readonly StreamEntry[]) => void;

interface Tail {
  /** Id of the newest entry that was handed on; `$` until Redis has said where the end is. */
  lastId: string;
  readonly listeners: Set<TailListener>;
}

/** How often the followed streams are asked for news, ms. */
const pollMs = 200;

/** Most entries of one stream in one round; the rest comes with the next. */
const entriesPerRound = 200;

/** Follows Redis streams on the shared connection: one command a round for all of them, none when nobody follows. */
export class StreamTail {
  readonly #redis: Redis;
  readonly #tails = new Map<string, Tail>();
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Calls back with entries that are added from now on; the result ends it. */
  follow(key: string, listener: TailListener): () => void {
    const existing = this.#tails.get(key);
    const tail = existing ?? { lastId: "$", listeners: new Set<TailListener>() };
    tail.listeners.add(listener);
    this.#tails.set(key, tail);
    this.#schedule();
    return () => {
      tail.listeners.delete(listener);
      if (tail.listeners.size === 0 && this.#tails.get(key) === tail) this.#tails.delete(key);
    };
  }

  #schedule(): void {
    if (this.#timer !== null || this.#tails.size === 0) return;
    this.#timer = setTimeout(() => {
      void this.#round().finally(() => {
        this.#timer = null;
        this.#schedule();
      });
    }, pollMs);
    this.#timer.unref();
  }

  async #round(): Promise<void> {
    try {
      await this.#findEnds();
      const known = [...this.#tails].filter(([, tail]) => tail.lastId !== "$");
      if (known.length === 0) return;
      const replies = await this.#redis.xread(
        "COUNT",
        entriesPerRound,
        "STREAMS",
        ...known.map(([key]) => key),
        ...known.map(([, tail]) => tail.lastId),
      );
      for (const [key, entries] of replies ?? []) this.#handOn(key, entries);
    } catch (error) {
      log.debug({ reason: String(error) }, "following streams has to wait for Redis");
    }
  }

  async #findEnds(): Promise<void> {
    const unknown = [...this.#tails].filter(([, tail]) => tail.lastId === "$");
    await Promise.all(
      unknown.map(async ([key, tail]) => {
        const newest = await this.#redis.xrevrange(key, "+", "-", "COUNT", 1);
        if (tail.lastId === "$") tail.lastId = newest[0]?.[0] ?? "0-0";
      }),
    );
  }

  #handOn(key: string, raw: readonly RawEntry[]): void {
    const tail = this.#tails.get(key);
    const entries = raw.map(readEntry);
    const newest = entries.at(-1);
    if (tail === undefined || newest === undefined) return;
    tail.lastId = newest.id;
    for (const listener of tail.listeners) listener(entries);
  }
}
