import { type Batch, maxBatchRows } from "../column/batch.ts";
import { type BatchBuilder, createBatchBuilder } from "../column/batch-builder.ts";
import { compilePredicate } from "../expression/compile-kernel.ts";
import type { Predicate } from "../expression/kernel.ts";
import type { Field } from "../types/field-type.ts";
import type { EventBuffer } from "./event-buffer.ts";
import type { EventRow } from "./event-row.ts";
import type { StageCondition } from "./operator-pattern.ts";
import { aggregatesIn, overRows, type PatternLayout, readsStages } from "./pattern-layout.ts";
import type { PatternEvent, Taken } from "./pattern-runs.ts";
import { compileScalar, type Scalar } from "./scalar-condition.ts";
import { type StageFolds, stageValue } from "./stage-values.ts";
import { conditionAtStart } from "./start-condition.ts";

/** A condition that reads what a run has taken: decided anew for each run. */
interface RunCondition {
  /** Of what can be decided row by row; null: `predicate` decides over a batch of one row. */
  readonly scalar: Scalar | null;
  readonly predicate: Predicate;
  /** Indexes of the aggregates that it reads. */
  readonly aggregates: readonly number[];
  /** The stage that it belongs to. */
  readonly stage: string;
  /** The last answer: several edges of a run ask the same question. */
  event: PatternEvent<EventRow> | null;
  taken: Taken<EventRow> | null;
  answer: boolean;
}

/**
 * The conditions of a pattern. Those over the event alone are decided by batch, when it arrives, and so is what the others say
 * of an event with which a match would begin; else those that read what a run has taken are decided when the run asks.
 */
export class PatternConditions {
  readonly #layout: PatternLayout;
  /** Of a condition over what a run has taken: what it asks when that is nothing; null where that cannot be said of events alone. */
  readonly #ofEvent: readonly (Predicate | null)[];
  readonly #ofRun: readonly (RunCondition | null)[];
  readonly #row: BatchBuilder;
  /** A row of the layout, filled anew for each question. */
  readonly #values: unknown[];
  /** Of an event that counts as taken while it is tested. */
  readonly #folds: StageFolds;
  /** The event whose values are in that row. */
  #asked: PatternEvent<EventRow> | null = null;
  readonly #rows = new Int32Array(maxBatchRows);

  constructor(conditions: readonly StageCondition[], layout: PatternLayout, inputFields: readonly Field[]) {
    this.#layout = layout;
    this.#ofEvent = conditions.map(({ condition, stage }) => {
      const atStart = conditionAtStart(condition, stage, inputFields);
      return atStart === null ? null : compilePredicate(atStart);
    });
    this.#ofRun = conditions.map(({ condition, stage }) => {
      if (!readsStages(condition, inputFields)) return null;
      const over = overRows(condition, layout);
      return {
        scalar: compileScalar(over),
        predicate: compilePredicate(over),
        aggregates: aggregatesIn(condition, layout),
        stage,
        event: null,
        taken: null,
        answer: false,
      };
    });
    this.#folds = layout.aggregates.map(() => undefined);
    this.#values = layout.rowFields.map(() => null);
    this.#row = createBatchBuilder(layout.rowFields, { capacity: 1 });
  }

  get count(): number {
    return this.#ofEvent.length;
  }

  /** By condition: whether `mark` says what it answers for a run that has taken nothing. */
  get answeredAtStart(): readonly boolean[] {
    return this.#ofEvent.map((predicate) => predicate !== null);
  }

  /** Writes, for each condition as a run that has taken nothing asks it, 1 at `row * count + condition` where it is TRUE. */
  mark(batch: Batch, marks: Uint8Array): void {
    marks.fill(0, 0, batch.length * this.count);
    this.#ofEvent.forEach((predicate, condition) => {
      if (predicate === null) return;
      const matching = predicate(batch, this.#rows);
      for (let i = 0; i < matching; i++) marks[this.#rows[i] * this.count + condition] = 1;
    });
  }

  /** Whether an event fulfils a condition for a run that has taken `taken`. */
  holds(condition: number, event: PatternEvent<EventRow>, taken: Taken<EventRow> | null, buffer: EventBuffer): boolean {
    const ofRun = this.#ofRun[condition];
    const { slot } = event.value;
    if (ofRun === null || (taken === null && this.#ofEvent[condition] !== null && buffer.answersAtStart(slot)))
      return buffer.isMarked(slot, condition);
    if (ofRun.event === event && ofRun.taken === taken) return ofRun.answer;
    ofRun.event = event;
    ofRun.taken = taken;
    ofRun.answer = this.#ask(ofRun, event, taken, buffer);
    return ofRun.answer;
  }

  #ask(
    { scalar, predicate, aggregates, stage }: RunCondition,
    event: PatternEvent<EventRow>,
    taken: Taken<EventRow> | null,
    buffer: EventBuffer,
  ): boolean {
    const values = this.#values;
    const { keptFields, aggregates: of } = this.#layout;
    const kept = buffer.read(event);
    if (this.#asked !== event) for (let i = 0; i < kept.length; i++) values[i] = kept[i];
    this.#asked = event;
    let withEvent: Taken<EventRow> | null = null;
    for (const i of aggregates) {
      const { running } = of[i];
      if (running) withEvent ??= { stage, event, before: taken, folds: this.#folds.fill(undefined) };
      values[keptFields.length + i] = stageValue(of[i], i, running ? withEvent : taken);
    }
    if (scalar !== null) return scalar(values) === true;
    this.#row.appendRow(values, event.time);
    return predicate(this.#row.build(), this.#rows) === 1;
  }
}
