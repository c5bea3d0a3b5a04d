import { type ControlMessage, controlMessage, redisKeys } from "@millrace/protocol";
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import { systemClock } from "../system-clock.ts";

const blockMs = 250;
const pauseMs = 100;

interface Listening {
  lastId: string;
  readonly onMessage: (message: ControlMessage) => void;
}

/** Reads the control streams of all deployments of this runtime, over one connection of its own. */
export class ControlListener {
  readonly #redis: Redis;
  readonly #logger: Logger;
  readonly #streams = new Map<string, Listening>();
  readonly #stopped = new AbortController();

  constructor(redis: Redis, logger: Logger) {
    this.#redis = redis;
    this.#logger = logger;
  }

  /** Hands on what is written from now on; returns how to end that. */
  async listen(deploymentId: string, onMessage: (message: ControlMessage) => void): Promise<() => void> {
    const [seconds, microseconds] = await this.#redis.time();
    const nowMs = Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000);
    const key = redisKeys.control(deploymentId);
    this.#streams.set(key, { lastId: `${nowMs}-0`, onMessage });
    return () => void this.#streams.delete(key);
  }

  /** Reads until `stop`; survives Redis going away. */
  async run(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      try {
        if (this.#streams.size === 0) await systemClock.sleep(pauseMs, this.#stopped.signal);
        else await this.#readOnce();
      } catch (cause) {
        this.#logger.warn({ reason: String(cause) }, "control streams could not be read");
        await systemClock.sleep(1000, this.#stopped.signal);
      }
    }
  }

  stop(): void {
    this.#stopped.abort();
  }

  async #readOnce(): Promise<void> {
    const keys = [...this.#streams.keys()];
    const ids = keys.map((key) => this.#streams.get(key)?.lastId ?? "$");
    const answer = await this.#redis.xread("COUNT", 100, "BLOCK", blockMs, "STREAMS", ...keys, ...ids);
    for (const [key, entries] of answer ?? []) {
      const listening = this.#streams.get(key);
      if (listening === undefined) continue;
      for (const [id, fields] of entries) {
        listening.lastId = id;
        this.#hand(key, fields ?? [], listening);
      }
    }
  }

  #hand(key: string, fields: readonly string[], listening: Listening): void {
    const parsed = controlMessage.safeParse(parseJson(fields[fields.indexOf("message") + 1]));
    if (parsed.success) listening.onMessage(parsed.data);
    else this.#logger.warn({ key }, "a control message is not one and is ignored");
  }
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}
