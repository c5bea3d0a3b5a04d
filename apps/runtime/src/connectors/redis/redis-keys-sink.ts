import {
  ConnectorError,
  type DeadLetter,
  type Delivery,
  FencedError,
  type SinkConnector,
  type SinkContext,
  type SinkWriter,
} from "@millrace/engine";
import { redisKeys } from "@millrace/protocol";
import type { Redis } from "ioredis";
import { z } from "zod";
import type { ConnectorHost } from "../connector-host.ts";
import { splitRecords } from "../split-records.ts";
import { connectRedisService, redisUnavailable } from "./redis-connection.ts";
import { redisKeysScript } from "./redis-keys-script.ts";

const options = z.object({
  connection: z.string().nullable(),
  nameMember: z.string(),
  value: z.enum(["hash", "json"]),
  forgetMs: z.number().nullable(),
});
type KeysOptions = z.infer<typeof options>;

/**
 * The newest row of each key, as a hash or as JSON, in a Redis of the user's, or in Millrace's own under a prefix of the
 * pipeline. Exactly once: one script writes rows and marker.
 */
export function createRedisKeysSink(host: ConnectorHost): SinkConnector {
  return {
    guarantee: "exactly-once",
    async open(context) {
      const sink = new KeysWriter(host, context);
      await sink.delivered();
      return sink;
    },
  };
}

class KeysWriter implements SinkWriter {
  readonly #host: ConnectorHost;
  readonly #sinkId: string;
  readonly #options: KeysOptions;
  readonly #marker: string;
  readonly #prefix: string;
  #redis: Redis | null = null;

  constructor(host: ConnectorHost, context: SinkContext) {
    this.#host = host;
    this.#sinkId = context.sinkId;
    this.#options = options.parse(context.options);
    this.#marker = redisKeys.delivered(context.pipelineId, context.sinkId);
    this.#prefix = this.#options.connection === null ? redisKeys.rows(context.pipelineId, "") : "";
  }

  async delivered(): Promise<number | null> {
    const value = await this.#use((redis) => redis.get(this.#marker));
    return value === null ? null : Number(value.split(":")[0]);
  }

  async deliver({ checkpoint, fencingToken, bytes }: Delivery): Promise<void> {
    const { rows, letters } = readRows(bytes, this.#options);
    const args = [...rows].flatMap(([name, texts]) => [this.#prefix + name, texts.length, ...texts]);
    const forget = this.#options.forgetMs ?? "";
    const answer = await this.#use((redis) => redis.eval(redisKeysScript, 1, this.#marker, checkpoint, fencingToken, forget, ...args));
    const text = String(answer);
    if (text.startsWith("fenced:")) throw new FencedError(fencingToken, Number(text.slice("fenced:".length)), "sink");
    if (letters.length > 0) this.#host.onDeadLetters(this.#sinkId, letters);
  }

  async close(): Promise<void> {
    // The runtime's own connection is not this sink's to end.
    this.#redis?.disconnect();
  }

  async #use<T>(action: (redis: Redis) => Promise<T>): Promise<T> {
    const redis = await this.#connected();
    try {
      return await action(redis);
    } catch (cause) {
      throw redisUnavailable(this.#options.connection, cause instanceof Error ? cause.message : String(cause), cause);
    }
  }

  async #connected(): Promise<Redis> {
    const { connection } = this.#options;
    if (connection === null) {
      if (this.#host.redis !== null) return this.#host.redis;
      const message = "This run has no Redis of its own. Name a connection in the settings of the sink.";
      throw new ConnectorError("CONNECTION_MISSING", message, { retryable: false });
    }
    if (this.#redis?.status !== "ready") this.#redis = await connectRedisService(this.#host, connection);
    return this.#redis;
  }
}

interface ReadRows {
  /** By name of the key: nothing removes it, one text is its value, more are the names and values of a hash. */
  readonly rows: ReadonlyMap<string, readonly string[]>;
  readonly letters: readonly DeadLetter[];
}

/** The last row of each key in a checkpoint's records, and the records that no key can hold. */
function readRows(bytes: Uint8Array, { nameMember, value: kind }: KeysOptions): ReadRows {
  const rows = new Map<string, readonly string[]>();
  const letters: DeadLetter[] = [];
  const decoder = new TextDecoder();
  for (const [i, record] of splitRecords(bytes, Number.POSITIVE_INFINITY).entries()) {
    const raw = decoder.decode(record);
    // The engine's own encoder wrote it: always an object.
    const { [nameMember]: name, _op: operation, ...row } = JSON.parse(raw) as Record<string, unknown>;
    if (typeof name !== "string" || name === "") {
      letters.push({ position: `record ${i + 1} of its checkpoint`, reason: "the key has no name", raw: raw.slice(0, 4096) });
      continue;
    }
    // What replaces it follows.
    if (operation === "-U") continue;
    rows.delete(name);
    rows.set(name, operation === "-D" ? [] : kind === "json" ? [JSON.stringify(row)] : hashOf(row));
  }
  return { rows, letters };
}

function hashOf(row: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(row).flatMap(([name, value]) => {
    if (value === null || value === undefined) return [];
    return [name, typeof value === "object" ? JSON.stringify(value) : String(value)];
  });
}
