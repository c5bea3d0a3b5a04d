import { type Batch, withSelection } from "../column/batch.ts";
import type { Target } from "../dataflow/operator-host.ts";
import type { TypedExpression } from "../expression/typed-expression.ts";
import type { Source } from "../plan/logical-operator.ts";
import { SplitWatermarks, type SplitWatermarksState } from "../time/split-watermarks.ts";
import type { TaskFacts } from "./messages.ts";
import type { WirePlaces } from "./wire-rows.ts";

/** Rows of a batch that go over one edge, in order. */
export interface PlacedRows {
  readonly edge: number;
  readonly batch: Batch;
  /** Physical rows, ascending; null: all. */
  readonly rows: Int32Array | null;
  readonly places: WirePlaces;
}

/** Before which record a watermark has to come. */
interface Cut {
  readonly ordinal: number;
  /** The newest time before that record. */
  readonly newestMs: number;
}

/**
 * The watermarks of a source as they come at some of its edges: what a `SourceTask` does in one place, done in as many as
 * there are groups of keys, from the same facts in the same order. Records come behind the watermark that all records
 * before them have made, wherever those went.
 */
export class SourceReplica {
  readonly #source: Source<TypedExpression>;
  readonly #targets: ReadonlyMap<number, readonly Target[]>;
  /** What only hears of watermarks. */
  readonly #listeners: readonly Target[];
  readonly watermarks: SplitWatermarks;
  /** As a `SourceTask` has told. */
  #told: "idle" | "active" | null = null;

  constructor(
    source: Source<TypedExpression>,
    targets: ReadonlyMap<number, readonly Target[]>,
    state: SplitWatermarksState | null,
    nowMs: number,
    listeners: readonly Target[] = [],
  ) {
    this.#source = source;
    this.#targets = targets;
    this.#listeners = listeners;
    this.watermarks = new SplitWatermarks(source.watermark);
    if (state !== null) this.watermarks.restore(state, nowMs);
  }

  /** A task's records; `nowMs` is monotonic. */
  take(split: string, facts: TaskFacts, rows: readonly PlacedRows[], nowMs: number): void {
    // As in a `SourceTask`, lines that cannot be decoded wake nothing.
    if (facts.decoded === 0) return;
    this.#tell("active");
    const isBounded = this.#source.watermark.kind === "bounded";
    const from = new Int32Array(rows.length);
    if (isBounded && rows.length > 0) {
      // What an idle split has seen counts again as soon as its next record, the first of the task, is out.
      const counted = this.watermarks.isIdle(split) ? Number.NEGATIVE_INFINITY : this.watermarks.splitWatermark(split);
      let emitted = counted;
      for (const cut of this.#cuts(split, rows)) {
        const watermark = this.#watermarkAfter(cut.newestMs);
        if (!(watermark > emitted) || cut.ordinal === 0) continue;
        this.#emit(rows, from, cut.ordinal);
        this.watermarks.observe(split, cut.newestMs, nowMs);
        this.#forward(this.watermarks.advance());
        emitted = watermark;
      }
    }
    this.#emit(rows, from, Number.POSITIVE_INFINITY);
    this.watermarks.observe(split, facts.newestMs, nowMs);
    if (isBounded) this.#forward(this.watermarks.advance());
  }

  register(splits: readonly string[], nowMs: number): void {
    for (const split of splits) this.watermarks.register(split, nowMs);
  }

  finish(splits: readonly string[]): void {
    for (const split of splits) this.watermarks.finish(split);
    if (this.#source.watermark.kind === "bounded") this.#forward(this.watermarks.advance());
  }

  markIdle(splits: readonly string[], isAll: boolean): void {
    this.watermarks.markIdle(splits);
    this.#forward(this.watermarks.advance());
    if (isAll) this.#tell("idle");
  }

  raise(watermark: number): void {
    this.#forward(this.watermarks.raiseTo(watermark));
  }

  /** The end counts even if nothing has come for long: of an idle input no watermark would be heard. */
  end(): void {
    this.#tell("active");
    this.#forward(this.watermarks.end());
  }

  #watermarkAfter(newestMs: number): number {
    return newestMs - this.#source.watermark.disorderMs - 1;
  }

  /** Before which records a watermark may have to come: those that are late by what was before them, and those without a time. */
  #cuts(split: string, rows: readonly PlacedRows[]): readonly Cut[] {
    const { disorderMs, nullTime } = this.#source.watermark;
    const newest = this.watermarks.splitWatermark(split) + disorderMs + 1;
    const cuts: Cut[] = [];
    for (const { batch, rows: chosen, places } of rows) {
      const count = chosen?.length ?? batch.length;
      for (let p = 0; p < count; p++) {
        const row = chosen === null ? p : chosen[p];
        const before = places.newestBefore[row];
        const newestMs = before > newest ? before : newest;
        const time = batch.time[row];
        if (time <= newestMs - disorderMs - 1 || (nullTime === "keep" && Number.isNaN(time)))
          cuts.push({ ordinal: places.ordinals[row], newestMs });
      }
    }
    return cuts.length > 1 ? cuts.sort((a, b) => a.ordinal - b.ordinal) : cuts;
  }

  /** Emits the rows that are before a record; `from` says how far each batch has come. */
  #emit(rows: readonly PlacedRows[], from: Int32Array, ordinal: number): void {
    rows.forEach(({ edge, batch, rows: chosen, places }, i) => {
      const count = chosen?.length ?? batch.length;
      let to = from[i];
      while (to < count && places.ordinals[chosen === null ? to : chosen[to]] < ordinal) to++;
      if (to === from[i]) return;
      const part = to - from[i] === batch.length ? batch : withSelection(batch, selected(chosen, from[i], to), to - from[i]);
      for (const { host, input } of this.#targets.get(edge) ?? []) host.receive(input, part);
      from[i] = to;
    });
  }

  #forward(watermark: number | null): void {
    if (watermark !== null) this.#toAll(({ host, input }) => host.receiveWatermark(input, watermark));
  }

  #tell(status: "idle" | "active"): void {
    if (this.#told === status) return;
    this.#told = status;
    this.#toAll(({ host, input }) => (status === "idle" ? host.receiveIdle(input) : host.receiveActive(input)));
  }

  #toAll(say: (target: Target) => void): void {
    for (const targets of this.#targets.values()) targets.forEach(say);
    this.#listeners.forEach(say);
  }
}

function selected(rows: Int32Array | null, from: number, to: number): Int32Array {
  return rows === null ? Int32Array.from({ length: to - from }, (_, i) => from + i) : rows.subarray(from, to);
}
