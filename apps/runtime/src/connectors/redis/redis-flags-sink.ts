import type { DeadLetter, Delivery, SinkConnector, SinkContext, SinkWriter } from "@millrace/engine";
import { z } from "zod";
import type { ConnectorHost } from "../connector-host.ts";
import { splitRecords } from "../split-records.ts";
import { FencedRedis } from "./fenced-redis.ts";
import { redisFlagsScript } from "./redis-flags-script.ts";

const options = z.object({ connection: z.string(), set: z.string().nullable(), forget: z.boolean() });

/** A row as the node makes it; `_op` is there when rows may be taken back. */
const flagRow = z.object({
  name: z.string().min(1),
  is_set: z.boolean(),
  expires_at: z.number().nullish(),
  _op: z.enum(["+I", "-U", "+U", "-D"]).optional(),
});

/** Flags in a Redis of the user's: a key for each, or members of one set. Exactly once: one script writes flags and marker. */
export function createRedisFlagsSink(host: ConnectorHost): SinkConnector {
  return {
    guarantee: "exactly-once",
    async open(context) {
      const sink = new FlagsWriter(host, context);
      await sink.delivered();
      return sink;
    },
  };
}

class FlagsWriter implements SinkWriter {
  readonly #host: ConnectorHost;
  readonly #sinkId: string;
  readonly #set: string;
  readonly #redis: FencedRedis;

  constructor(host: ConnectorHost, context: SinkContext) {
    const { connection, set } = options.parse(context.options);
    this.#host = host;
    this.#sinkId = context.sinkId;
    this.#set = set ?? "";
    this.#redis = new FencedRedis(host, context, connection);
  }

  delivered(): Promise<number | null> {
    return this.#redis.delivered();
  }

  async deliver(delivery: Delivery): Promise<void> {
    const { flags, letters } = readFlags(delivery.bytes);
    const args = [...flags].flatMap(([name, state]) => [name, ...state]);
    await this.#redis.run(redisFlagsScript, delivery, [this.#set], args);
    if (letters.length > 0) this.#host.onDeadLetters(this.#sinkId, letters);
  }

  async close(): Promise<void> {
    this.#redis.close();
  }
}

/** The last state of each flag in a checkpoint's records, and the records that say nothing. */
function readFlags(bytes: Uint8Array): { readonly flags: ReadonlyMap<string, readonly [string, string]>; readonly letters: DeadLetter[] } {
  const flags = new Map<string, readonly [string, string]>();
  const letters: DeadLetter[] = [];
  const decoder = new TextDecoder();
  for (const [i, record] of splitRecords(bytes, Number.POSITIVE_INFINITY).entries()) {
    const raw = decoder.decode(record);
    const parsed = flagRow.safeParse(JSON.parse(raw));
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      letters.push({
        position: `record ${i + 1} of its checkpoint`,
        reason: `${issue.path.join(".")} is not set`,
        raw: raw.slice(0, 4096),
      });
      continue;
    }
    const { name, is_set, expires_at, _op } = parsed.data;
    // What replaces it follows.
    if (_op === "-U") continue;
    flags.delete(name);
    flags.set(name, is_set && _op !== "-D" ? ["1", typeof expires_at === "number" ? String(Math.trunc(expires_at)) : ""] : ["0", ""]);
  }
  return { flags, letters };
}
