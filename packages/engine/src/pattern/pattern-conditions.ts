import { type Batch, maxBatchRows } from "../column/batch.ts";
import { type BatchBuilder, createBatchBuilder } from "../column/batch-builder.ts";
import { compilePredicate } from "../expression/compile-kernel.ts";
import type { Predicate } from "../expression/kernel.ts";
import type { Field } from "../types/field-type.ts";
import type { EventBlock } from "./event-block.ts";
import type { StageCondition } from "./operator-pattern.ts";
import { aggregatesIn, fieldsOf, overRows, type PatternLayout, readsStages } from "./pattern-layout.ts";
import { compileScalar, type Scalar } from "./scalar-condition.ts";
import type { StageValues } from "./stage-values.ts";
import { conditionAtStart } from "./start-condition.ts";
import { nothingTaken } from "./taken-events.ts";

/** A condition that reads what a run has taken: decided anew for each run. */
interface RunCondition {
  /** Of what can be decided row by row; null: `predicate` decides over a batch of one row. */
  readonly scalar: Scalar | null;
  readonly predicate: Predicate;
  /** Indexes of the kept fields of the event that it reads, and of the aggregates. */
  readonly fields: readonly number[];
  readonly aggregates: readonly number[];
  /** Index of the stage that it belongs to. */
  readonly stage: number;
  /** The last answer: several runs may ask the same question. */
  event: number;
  taken: number;
  answer: boolean;
}

/**
 * The conditions of a pattern. Those over the event alone are decided by batch, when it arrives, and so is what the others say
 * of an event with which a match would begin; else those that read what a run has taken are decided when the run asks.
 */
export class PatternConditions {
  readonly #layout: PatternLayout;
  readonly #stageValues: StageValues;
  /** Of a condition over what a run has taken: what it asks when that is nothing; null where that cannot be said of events alone. */
  readonly #ofEvent: readonly (Predicate | null)[];
  readonly #ofRun: readonly (RunCondition | null)[];
  readonly #row: BatchBuilder;
  /** A row of the layout, filled anew for each question. */
  readonly #values: unknown[];
  readonly #rows = new Int32Array(maxBatchRows);
  /** The event that conditions are asked about: its place, and the how-manieth it is. */
  #block: EventBlock | null = null;
  #at = 0;
  #asked = 0;
  readonly #candidate = (field: number): unknown => this.#block?.value(field, this.#at) ?? null;

  /** `stages`: by index. */
  constructor(
    conditions: readonly StageCondition[],
    layout: PatternLayout,
    inputFields: readonly Field[],
    stages: readonly string[],
    stageValues: StageValues,
  ) {
    this.#layout = layout;
    this.#stageValues = stageValues;
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
        fields: fieldsOf(over).filter((index) => index < layout.keptFields.length),
        aggregates: aggregatesIn(condition, layout),
        stage: stages.indexOf(stage),
        event: -1,
        taken: nothingTaken,
        answer: false,
      };
    });
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
    const { count } = this;
    marks.fill(0, 0, batch.length * count);
    this.#ofEvent.forEach((predicate, condition) => {
      if (predicate === null) return;
      const rows = this.#rows;
      const matching = predicate(batch, rows);
      for (let i = 0; i < matching; i++) marks[rows[i] * count + condition] = 1;
    });
  }

  /** Names the event that `holds` is asked about from now on. */
  offer(block: EventBlock, row: number): void {
    this.#block = block;
    this.#at = row;
    this.#asked++;
  }

  /** Whether the event fulfils a condition for a run that has taken `taken`. */
  holds(condition: number, taken: number): boolean {
    const ofRun = this.#ofRun[condition];
    const block = this.#block;
    if (block === null) return false;
    if (ofRun === null || (taken === nothingTaken && this.#ofEvent[condition] !== null && block.answersAtStart))
      return block.isMarked(this.#at, condition);
    if (ofRun.event === this.#asked && ofRun.taken === taken) return ofRun.answer;
    ofRun.event = this.#asked;
    ofRun.taken = taken;
    ofRun.answer = this.#ask(ofRun, block, taken);
    return ofRun.answer;
  }

  #ask({ scalar, predicate, fields, aggregates, stage }: RunCondition, block: EventBlock, taken: number): boolean {
    const values = this.#values;
    const { keptFields, aggregates: of } = this.#layout;
    for (let i = 0; i < fields.length; i++) values[fields[i]] = block.value(fields[i], this.#at);
    for (let i = 0; i < aggregates.length; i++) {
      const index = aggregates[i];
      values[keptFields.length + index] = of[index].running
        ? this.#stageValues.valueWith(index, taken, stage, this.#candidate)
        : this.#stageValues.value(index, taken);
    }
    if (scalar !== null) return scalar(values) === true;
    this.#row.appendRow(values, block.time[this.#at]);
    return predicate(this.#row.build(), this.#rows) === 1;
  }
}
