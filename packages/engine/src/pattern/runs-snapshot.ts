import { type Column, valueAt } from "../column/column.ts";
import { createColumnBuilder } from "../column/column-builder.ts";
import { readColumn, writeColumn } from "../state/column-codec.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import type { Field } from "../types/field-type.ts";
import { type EventRow, valuesOf } from "./event-row.ts";
import type { PatternLayout } from "./pattern-layout.ts";
import type { PatternEvent, PatternRuns, Run, Taken } from "./pattern-runs.ts";

/** The runs of one key as `PatternRuns` takes them. */
export interface RestoredRuns {
  readonly runs: Run<EventRow>[];
  readonly completed: Run<EventRow>[];
}

/**
 * Writes the runs of keys. What they share is written once: an event that several runs have taken, and the
 * beginnings that they have in common.
 */
export function writeRuns(
  writer: SnapshotWriter,
  keys: readonly number[],
  runsOf: ReadonlyMap<number, PatternRuns<EventRow>>,
  stages: readonly string[],
  kept: readonly Field[],
): void {
  const shared = new SharedNodes(stages);
  const runs: { readonly key: number; readonly run: Run<EventRow>; readonly completed: boolean; readonly taken: number }[] = [];
  for (const key of keys) {
    const of = runsOf.get(key);
    if (of === undefined) continue;
    for (const run of of.runs) runs.push({ key, run, completed: false, taken: shared.number(run.taken) });
    for (const run of of.completed) runs.push({ key, run, completed: true, taken: shared.number(run.taken) });
  }
  shared.write(writer, kept);
  writer.i32Array(int32Of(runs, ({ key }) => key));
  writer.i32Array(int32Of(runs, ({ run }) => run.state));
  writer.i32Array(int32Of(runs, ({ taken }) => taken));
  writer.f64Array(float64Of(runs, ({ run }) => run.lastTime));
  writer.u8Array(uint8Of(runs, ({ completed }) => (completed ? 1 : 0)));
}

/** Reads what `writeRuns` wrote: the runs by key. */
export function readRuns(
  reader: SnapshotReader,
  stages: readonly string[],
  { keptFields: kept, aggregates }: PatternLayout,
): Map<number, RestoredRuns> {
  const events = readEvents(reader, kept);
  const taken = readTaken(reader, stages, events, aggregates);
  const keys = reader.i32Array();
  const states = reader.i32Array();
  const heads = reader.i32Array();
  const lastTimes = reader.f64Array();
  const completed = reader.u8Array();
  const found = new Map<number, RestoredRuns>();
  keys.forEach((key, i) => {
    const of = found.get(key) ?? { runs: [], completed: [] };
    found.set(key, of);
    const head = heads[i] < 0 ? null : taken[heads[i]];
    const run: Run<EventRow> = { state: states[i], taken: head, first: firstOf(head), lastTime: lastTimes[i] };
    if (completed[i] === 1) of.completed.push(run);
    else of.runs.push(run);
  });
  return found;
}

function firstOf(head: Taken<EventRow> | null): PatternEvent<EventRow> | null {
  let first: PatternEvent<EventRow> | null = null;
  for (let taken = head; taken !== null; taken = taken.before) first = taken.event;
  return first;
}

/** Numbers taken events, each behind what was taken before it. */
class SharedNodes {
  readonly #stages: readonly string[];
  readonly #numbers = new Map<Taken<EventRow>, number>();
  readonly #events = new Map<PatternEvent<EventRow>, number>();

  constructor(stages: readonly string[]) {
    this.#stages = stages;
  }

  /** Number of a node, and of those before it; -1 for null. */
  number(head: Taken<EventRow> | null): number {
    const open: Taken<EventRow>[] = [];
    for (let taken = head; taken !== null && !this.#numbers.has(taken); taken = taken.before) open.push(taken);
    for (const taken of open.reverse()) {
      this.#numbers.set(taken, this.#numbers.size);
      if (!this.#events.has(taken.event)) this.#events.set(taken.event, this.#events.size);
    }
    return this.#numberOf(head);
  }

  write(writer: SnapshotWriter, kept: readonly Field[]): void {
    const events = [...this.#events.keys()];
    writer.f64Array(float64Of(events, (event) => event.sequence));
    writer.f64Array(float64Of(events, (event) => event.time));
    kept.forEach((field, i) => {
      writeColumn(
        writer,
        columnOf(
          field,
          events.map((event) => valuesOf(event)[i]),
        ),
        events.length,
      );
    });
    const nodes = [...this.#numbers.keys()];
    const stages = new Map(this.#stages.map((stage, i) => [stage, i]));
    writer.i32Array(int32Of(nodes, ({ stage }) => stages.get(stage) ?? -1));
    writer.i32Array(int32Of(nodes, (taken) => this.#events.get(taken.event) ?? -1));
    writer.i32Array(int32Of(nodes, (taken) => this.#numberOf(taken.before)));
  }

  #numberOf(taken: Taken<EventRow> | null): number {
    return taken === null ? -1 : (this.#numbers.get(taken) ?? -1);
  }
}

function columnOf(field: Field, values: readonly unknown[]): Column {
  const builder = createColumnBuilder(field.type, values.length);
  values.forEach((value, i) => {
    builder.set(i, value);
  });
  return builder.column();
}

function readEvents(reader: SnapshotReader, kept: readonly Field[]): PatternEvent<EventRow>[] {
  const sequences = reader.f64Array();
  const times = reader.f64Array();
  const columns = kept.map(() => readColumn(reader).column);
  return Array.from(sequences, (sequence, i) => ({
    sequence,
    time: times[i],
    value: { slot: -1, values: columns.map((column) => valueAt(column, i)) },
  }));
}

function readTaken(
  reader: SnapshotReader,
  stages: readonly string[],
  events: readonly PatternEvent<EventRow>[],
  aggregates: readonly unknown[],
): Taken<EventRow>[] {
  const stageOf = reader.i32Array();
  const eventOf = reader.i32Array();
  const beforeOf = reader.i32Array();
  const taken: Taken<EventRow>[] = [];
  stageOf.forEach((stage, i) => {
    const before = beforeOf[i] < 0 ? null : taken[beforeOf[i]];
    taken.push({ stage: stages[stage], event: events[eventOf[i]], before, folds: aggregates.map(() => undefined) });
  });
  return taken;
}

// `from` of the typed arrays goes through an iterator, which costs several times as much.

function int32Of<T>(items: readonly T[], value: (item: T) => number): Int32Array {
  const array = new Int32Array(items.length);
  for (let i = 0; i < items.length; i++) array[i] = value(items[i]);
  return array;
}

function float64Of<T>(items: readonly T[], value: (item: T) => number): Float64Array {
  const array = new Float64Array(items.length);
  for (let i = 0; i < items.length; i++) array[i] = value(items[i]);
  return array;
}

function uint8Of<T>(items: readonly T[], value: (item: T) => number): Uint8Array {
  const array = new Uint8Array(items.length);
  for (let i = 0; i < items.length; i++) array[i] = value(items[i]);
  return array;
}
