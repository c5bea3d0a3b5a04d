import {
  type Batch,
  type Column,
  ConnectorError,
  type DeadLetter,
  type JsonValue,
  type SourceChunk,
  type SourceConnector,
  type SourceContext,
  type SourceReader,
} from "@millrace/engine";
import { z } from "zod";
import { createStream } from "./create-stream.ts";
import { crmLeadMs } from "./crm-stream.ts";
import { EventPace } from "./event-pace.ts";
import { type GeneratorOptions, generatorOptions } from "./generator-options.ts";
import { RecordSequence, type SequencePosition } from "./record-sequence.ts";
import { parseStart } from "./start-time.ts";
import type { StreamModel } from "./stream-model.ts";

const split = "0";
/** Records are gathered for this long, so that batches are not tiny. */
const gatherMs = 20;
const longestWaitMs = 100;

const savedPosition = z.object({ startMs: z.int(), next: z.int().min(0) });

/**
 * The connectors that come with the nodes: `generator`, which makes the records of the generator nodes.
 *
 * It is seeded and deterministic. The n-th record of a stream depends on the options and on n alone, so a
 * reader that is opened at a saved position continues exactly. The position holds the start of event time
 * and the number of records made. A pause between two readers is not caught up.
 */
export const generatorConnectors: ReadonlyMap<string, SourceConnector> = new Map([["generator", { open: openGenerator }]]);

async function openGenerator(context: SourceContext): Promise<SourceReader> {
  const parsed = generatorOptions.safeParse(context.options);
  if (!parsed.success) throw refused(`its options are not valid: ${z.prettifyError(parsed.error)}`);
  const position = positionOf(parsed.data, context);
  return new GeneratorReader(parsed.data, position, context);
}

function positionOf(options: GeneratorOptions, context: SourceContext): SequencePosition {
  if (context.position === null) return { startMs: startOf(options.start) ?? Math.floor(context.clock.now()), next: 0 };
  const saved = savedPosition.safeParse(context.position);
  if (!saved.success) throw refused("its saved position was not written by a generator");
  return saved.data;
}

function startOf(start: string | number | null): number | null {
  if (start === null || typeof start === "number") return start === null ? null : Math.floor(start);
  const ms = parseStart(start);
  if (ms === null) throw refused(`its start is "${start}"; write it as 2026-01-01 or 2026-01-01T08:30:00Z`);
  return ms;
}

function refused(reason: string): ConnectorError {
  return new ConnectorError("GENERATOR_OPTIONS", `The generator cannot start: ${reason}.`, { retryable: false });
}

class GeneratorReader implements SourceReader {
  readonly #context: SourceContext;
  readonly #sequence: RecordSequence;
  readonly #model: StreamModel;
  readonly #pace: EventPace | null;
  #announced: boolean;
  #gatheredAtMs = Number.NEGATIVE_INFINITY;
  #caughtUp = false;

  constructor(options: GeneratorOptions, position: SequencePosition, context: SourceContext) {
    this.#context = context;
    const lead = options.kind === "crm" ? { records: options.customers, ms: crmLeadMs } : { records: 0, ms: 0 };
    this.#sequence = new RecordSequence(options, position, lead);
    this.#model = createStream(options, this.#sequence.curve);
    const fromMs = position.next === 0 ? 0 : this.#sequence.nextDueMs;
    this.#pace = options.speed === null || this.#sequence.ended ? null : new EventPace(context.clock, options.speed, fromMs);
    this.#announced = context.position !== null;
  }

  async poll(): Promise<SourceChunk> {
    if (!this.#announced) {
      // An empty batch first, so that the start of event time is in a position before any record has it.
      this.#announced = true;
      return this.#chunk([]);
    }
    if (this.#sequence.ended) return { kind: "end" };
    const letters = await this.#advance();
    return letters.length === 0 && this.#sequence.records.length === 0 ? { kind: "idle" } : this.#chunk(letters);
  }

  position(): JsonValue {
    return { ...this.#sequence.position };
  }

  async close(): Promise<void> {}

  async #advance(): Promise<readonly DeadLetter[]> {
    const pace = this.#pace;
    if (pace === null) return this.#sequence.advance(Number.POSITIVE_INFINITY);
    const { clock, signal } = this.#context;
    const next = this.#sequence.nextDueMs;
    const sinceLastMs = clock.monotonic() - this.#gatheredAtMs;
    const gatherLeftMs = this.#caughtUp ? gatherMs - sinceLastMs : 0;
    const waitMs = Math.min(longestWaitMs, Math.max(gatherLeftMs, pace.waitMs(next)));
    if (waitMs > 0) await clock.sleep(waitMs, signal);
    const dueMs = pace.dueMs(next);
    const letters = this.#sequence.advance(dueMs);
    this.#gatheredAtMs = clock.monotonic();
    this.#caughtUp = this.#sequence.nextDueMs > dueMs;
    return letters;
  }

  #chunk(deadLetters: readonly DeadLetter[]): SourceChunk {
    return { kind: "batch", split, batch: this.#batch(), deadLetters };
  }

  #batch(): Batch {
    const { records } = this.#sequence;
    const { fields, liveFields } = this.#context;
    this.#model.prepare(records);
    const time: Column = { kind: "number", values: records.time, valid: null };
    // The event time is built whether anything reads it or not: the source task stamps the records with it.
    const columns = fields.map((_, i): Column | null => (i === 0 ? time : liveFields[i] ? this.#model.columns[i - 1](records) : null));
    return { length: records.length, selection: null, selected: records.length, columns, time: records.time, kinds: null };
  }
}
