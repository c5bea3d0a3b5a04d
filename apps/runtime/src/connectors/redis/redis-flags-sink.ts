import { type DeadLetter, FencedError, type SinkConnector, type SinkContext, type SinkWriter } from "@millrace/engine";
import { redisKeys } from "@millrace/protocol";
import type { Redis } from "ioredis";
import { z } from "zod";
import type { ConnectorHost } from "../connector-host.ts";
import { splitRecords } from "../split-records.ts";
import { connectRedisService, redisUnavailable } from "./redis-connection.ts";
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
  readonly #options: z.infer<typeof options>;
  readonly #marker: string;
  #redis: Redis | null = null;

  constructor(host: ConnectorHost, context: SinkContext) {
    this.#host = host;
    this.#sinkId = context.sinkId;
    this.#options = options.parse(context.options);
    this.#marker = redisKeys.delivered(context.pipelineId, context.sinkId);
  }

  async delivered(): Promise<number | null> {
    const value = await this.#use((redis) => redis.get(this.#marker));
    return value === null ? null : Number(value.split(":")[0]);
  }

  async deliver({ checkpoint, fencingToken, bytes }: Parameters<SinkWriter["deliver"]>[0]): Promise<void> {
    const { flags, letters } = readFlags(bytes);
    const set = this.#options.set ?? "";
    const answer = await this.#use((redis) =>
      redis.eval(
        redisFlagsScript,
        2,
        this.#marker,
        set,
        checkpoint,
        fencingToken,
        ...[...flags].flatMap(([name, state]) => [name, ...state]),
      ),
    );
    const text = String(answer);
    if (text.startsWith("fenced:")) throw new FencedError(fencingToken, Number(text.slice("fenced:".length)), "sink");
    if (letters.length > 0) this.#host.onDeadLetters(this.#sinkId, letters);
  }

  async close(): Promise<void> {
    this.#redis?.disconnect();
  }

  async #use<T>(action: (redis: Redis) => Promise<T>): Promise<T> {
    if (this.#redis?.status !== "ready") this.#redis = await connectRedisService(this.#host, this.#options.connection);
    try {
      return await action(this.#redis);
    } catch (cause) {
      throw redisUnavailable(this.#options.connection, cause instanceof Error ? cause.message : String(cause), cause);
    }
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
