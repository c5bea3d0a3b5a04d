import type { DeadLetter, Delivery, SinkConnector, SinkContext, SinkWriter } from "@millrace/engine";
import { redisKeys } from "@millrace/protocol";
import { z } from "zod";
import type { ConnectorHost } from "../connector-host.ts";
import { splitRecords } from "../split-records.ts";
import { FencedRedis } from "./fenced-redis.ts";
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
  readonly #prefix: string;
  readonly #redis: FencedRedis;

  constructor(host: ConnectorHost, context: SinkContext) {
    this.#host = host;
    this.#sinkId = context.sinkId;
    this.#options = options.parse(context.options);
    this.#prefix = this.#options.connection === null ? redisKeys.rows(context.pipelineId, "") : "";
    this.#redis = new FencedRedis(host, context, this.#options.connection);
  }

  delivered(): Promise<number | null> {
    return this.#redis.delivered();
  }

  async deliver(delivery: Delivery): Promise<void> {
    const { rows, letters } = readRows(delivery.bytes, this.#options);
    const args = [...rows].flatMap(([name, texts]) => [this.#prefix + name, texts.length, ...texts]);
    await this.#redis.run(redisKeysScript, delivery, [], [this.#options.forgetMs ?? "", ...args]);
    if (letters.length > 0) this.#host.onDeadLetters(this.#sinkId, letters);
  }

  async close(): Promise<void> {
    this.#redis.close();
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
