import {
  type Field,
  type LookupAnswer,
  type LookupConnector,
  type LookupContext,
  type LookupKey,
  type LookupReader,
  lookupRow,
  lookupTextRow,
} from "@millrace/engine";
import type { Redis } from "ioredis";
import { z } from "zod";
import type { ConnectorHost } from "../connector-host.ts";
import { fillTemplate, templateParts } from "../lookup/filled-template.ts";
import { connectRedisService, redisUnavailable } from "./redis-connection.ts";

const options = z.object({ connection: z.string(), value: z.enum(["hash", "json", "text"]) });
const maxKeys = 256;

type Value = z.infer<typeof options>["value"];

/** Rows in Redis: a hash, a JSON object or a text under a key that a template makes. Keys are arguments, never parts of commands. */
export function createRedisLookup(host: ConnectorHost): LookupConnector {
  return {
    async open(context) {
      const { connection, value } = options.parse(context.options);
      const reader = new RedisReader(host, connection, value, context);
      await reader.connect();
      return reader;
    },
  };
}

class RedisReader implements LookupReader {
  readonly maxKeys = maxKeys;
  readonly #host: ConnectorHost;
  readonly #connection: string;
  readonly #value: Value;
  readonly #fields: readonly Field[];
  readonly #parts: readonly string[];
  #redis: Promise<Redis> | null = null;

  constructor(host: ConnectorHost, connection: string, value: Value, context: LookupContext) {
    this.#host = host;
    this.#connection = connection;
    this.#value = value;
    this.#fields = context.fields;
    this.#parts = templateParts(context.options.parts);
  }

  /** The open connection; a new one when the last has been lost. */
  async connect(): Promise<Redis> {
    const pending = this.#redis ?? connectRedisService(this.#host, this.#connection);
    this.#redis = pending;
    try {
      const redis = await pending;
      if (redis.status === "ready") return redis;
    } catch (cause) {
      this.#forget(pending);
      throw cause;
    }
    this.#forget(pending);
    return this.connect();
  }

  async lookup(keys: readonly LookupKey[], signal: AbortSignal): Promise<readonly LookupAnswer[]> {
    const redis = await this.connect();
    if (signal.aborted) throw redisUnavailable(this.#connection, "connecting took too long", signal.reason);
    // A server that hangs would keep the tries that follow waiting behind this one.
    const giveUp = (): void => redis.disconnect();
    signal.addEventListener("abort", giveUp, { once: true });
    try {
      const pipeline = redis.pipeline();
      for (const key of keys) {
        const name = fillTemplate(this.#parts, key, (value) => value);
        if (this.#value === "hash") pipeline.hmget(name, ...this.#fields.map((field) => field.name));
        else pipeline.get(name);
      }
      const replies = await pipeline.exec();
      if (replies === null) throw new Error("the pipeline was discarded");
      return replies.map(([error, reply]) => (error === null ? this.#answer(reply) : this.#refused(error)));
    } catch (cause) {
      throw redisUnavailable(this.#connection, cause instanceof Error ? cause.message : String(cause), cause);
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
  }

  async close(): Promise<void> {
    const redis = await this.#redis?.catch(() => null);
    redis?.disconnect();
  }

  #forget(pending: Promise<Redis>): void {
    if (this.#redis === pending) this.#redis = null;
  }

  /** What the server says about one key is about that key (another type, no permission), unless it is about the moment. */
  #refused(error: Error): LookupAnswer {
    if (error.name !== "ReplyError" || /^(?:LOADING|BUSY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN)/.test(error.message)) throw error;
    return { kind: "failed", reason: `Redis refused: ${error.message}` };
  }

  #answer(reply: unknown): LookupAnswer {
    if (Array.isArray(reply)) {
      const texts = reply.map((text: unknown) => (typeof text === "string" ? text : null));
      return texts.every((text) => text === null) ? { kind: "none" } : lookupTextRow(this.#fields, texts);
    }
    if (typeof reply !== "string") return { kind: "none" };
    return this.#value === "text" ? lookupTextRow(this.#fields, [reply]) : jsonRow(this.#fields, reply);
  }
}

function jsonRow(fields: readonly Field[], text: string): LookupAnswer {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return lookupRow(fields, { ...value });
  } catch {
    // Said below, as of any other text.
  }
  return { kind: "failed", reason: `the value is no JSON object: ${text.slice(0, 80)}` };
}
