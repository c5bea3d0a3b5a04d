import type { JsonValue, SourceChunk, SourceConnector, SourceContext, SourceReader } from "@millrace/engine";
import { redisKeys } from "@millrace/protocol";
import type { Redis } from "ioredis";
import { z } from "zod";

/** Sources of lines, which can read a line again that somebody sends them. */
const replayable: ReadonlySet<string> = new Set(["file", "kafka"]);
const lookEveryMs = 1000;
const recordsAtOnce = 500;

/** Position of a source to which something was replayed: its own, and the last entry of the stream. */
const replayedPosition = z.strictObject({ replayedUpTo: z.string().regex(/^\d+-\d+$/), position: z.json().nullable() });

/**
 * The same sources, which also read the dead letters that a person sends back to them. How far they have read is part of
 * their position, so that each is read once, whatever dies. Replayed records keep their own times: they may be late.
 */
export function replayedSources(sources: ReadonlyMap<string, SourceConnector>, redis: Redis): ReadonlyMap<string, SourceConnector> {
  return new Map([...sources].map(([name, connector]) => [name, replayable.has(name) ? replayed(connector, redis) : connector]));
}

function replayed(connector: SourceConnector, redis: Redis): SourceConnector {
  return {
    async open(context) {
      const parsed = replayedPosition.safeParse(context.position);
      const position = parsed.success ? (parsed.data.position as JsonValue | null) : context.position;
      const inner = await connector.open({ ...context, position });
      return new ReplayedReader(inner, context, redis, parsed.success ? parsed.data.replayedUpTo : null);
    },
  };
}

class ReplayedReader implements SourceReader {
  readonly #inner: SourceReader;
  readonly #context: SourceContext;
  readonly #redis: Redis;
  readonly #key: string | null;
  #upTo: string | null;
  #lookAt = 0;
  #split: string | null = null;

  constructor(inner: SourceReader, context: SourceContext, redis: Redis, upTo: string | null) {
    this.#inner = inner;
    this.#context = context;
    this.#redis = redis;
    this.#upTo = upTo;
    const { pipelineId, sourceId } = context;
    this.#key = pipelineId === undefined || sourceId === undefined ? null : redisKeys.replay(pipelineId, sourceId.split(":")[0]);
  }

  async poll(): Promise<SourceChunk> {
    const sent = await this.#sent();
    if (sent !== null) return sent;
    const chunk = await this.#inner.poll();
    if (chunk.kind === "bytes" || chunk.kind === "batch") this.#split = chunk.split;
    return chunk;
  }

  takeBack(bytes: Uint8Array): void {
    this.#inner.takeBack?.(bytes);
  }

  position(): JsonValue {
    const position = this.#inner.position();
    return this.#upTo === null ? position : { replayedUpTo: this.#upTo, position };
  }

  splits(): readonly string[] {
    return this.#inner.splits?.() ?? [];
  }

  gauges(): Readonly<Record<string, number>> {
    return this.#inner.gauges?.() ?? {};
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  /** What was sent since the last look, as records of a split that is there: one of their own would hold the watermark back. */
  async #sent(): Promise<SourceChunk | null> {
    const now = this.#context.clock.monotonic();
    if (this.#key === null || now < this.#lookAt) return null;
    this.#lookAt = now + lookEveryMs;
    const from = this.#upTo === null ? "-" : `(${this.#upTo}`;
    // Without Redis nothing is replayed just now; the source itself goes on.
    const entries = await this.#redis.xrange(this.#key, from, "+", "COUNT", recordsAtOnce).catch(() => []);
    const last = entries.at(-1);
    if (last === undefined) return null;
    this.#upTo = last[0];
    const lines = entries.map(([, fields]) => `${(fields?.[1] ?? "").replaceAll("\n", " ")}\n`);
    const split = this.#split ?? this.splits().at(0) ?? "replay";
    return { kind: "bytes", split, bytes: Buffer.from(lines.join("")), firstLine: 1, lineName: "replayed record" };
  }
}
