import { type Batch, maxBatchRows, withSelection } from "../column/batch.ts";
import type { Collector, Operator, OperatorGauges } from "../dataflow/operator.ts";
import { TimeRouter } from "../join/time-router.ts";
import type { PlannedOperator, PlanStep } from "../plan/logical-plan.ts";
import { singleStages } from "../plan/pattern-operator.ts";
import { grownInt32 } from "../state/grown-array.ts";
import { keyFieldsOf } from "../state/key-fields.ts";
import { KeyTable } from "../state/key-table.ts";
import { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { endOfTime, noWatermark } from "../time/watermark.ts";
import { Beginnings } from "./beginnings.ts";
import { compilePattern } from "./compile-pattern.ts";
import { EventBuffer } from "./event-buffer.ts";
import type { EventRow } from "./event-row.ts";
import { KeyTimers } from "./key-timers.ts";
import { MatchEmitter } from "./match-emitter.ts";
import { operatorPattern } from "./operator-pattern.ts";
import { PatternConditions } from "./pattern-conditions.ts";
import { type PatternLayout, patternLayout, readsStages } from "./pattern-layout.ts";
import { type ConditionTest, type PatternEvent, PatternRuns, RunRules, type StepResult } from "./pattern-runs.ts";
import { RunKeys } from "./run-keys.ts";
import { type RestoredRuns, readRuns, writeRuns } from "./runs-snapshot.ts";

type PatternMatch = Extract<PlannedOperator, { op: "pattern-match" }>;

/**
 * Layout 1 did not have the time of the last event; before layout 3 the events that wait were written one by one, and before
 * layout 4 all runs whenever one had changed.
 */
const layoutVersion = 4;
const [outPort, timeoutPort, latePort] = [0, 1, 2];
/** Rough size of a partial match and the event that it has taken last. */
const runBytes = 160;

/**
 * Finds event patterns per key. Events wait until the watermark has passed them and are then processed in order of
 * (time, the operator's order, arrival); what ran out of time before an event is dealt with before it, so that the result does not depend
 * on when watermarks come. The time of a row is that of the event or of the time limit that brought it out; of a
 * match held back by its skip strategy that is later than its last event. A record at or behind the watermark is
 * late. Counters: `runs` (partial matches now), `runs_dropped` (given up because a key had too many), `buffered`
 * (events that wait for the watermark), `without_time`.
 */
export function createPatternMatchOperator(operator: PatternMatch, step: PlanStep): Operator {
  return new PatternMatchOperator(operator, step);
}

class PatternMatchOperator implements Operator {
  readonly ports = ["out", "timeout", "late"];
  readonly #operator: PatternMatch;
  readonly #rules: RunRules<EventRow>;
  readonly #layout: PatternLayout;
  readonly #conditions: PatternConditions;
  readonly #buffer: EventBuffer;
  readonly #keys: KeyTable;
  readonly #matches: MatchEmitter;
  readonly #timeouts: MatchEmitter;
  readonly #router = new TimeRouter();
  readonly #timers = new KeyTimers();
  readonly #stageNames: readonly string[];
  /** Of keys that have partial matches. */
  readonly #runsOf = new Map<number, PatternRuns<EventRow>>();
  /** For a key that has none: it is not kept unless the event begins something. */
  #fresh: PatternRuns<EventRow>;
  /** By key: buffered events that can begin a match, and 1 when it has partial matches. */
  #uses: Int32Array = new Int32Array(16);
  readonly #held = new RunKeys();
  readonly #beginnings: Beginnings;
  /** By row of a batch. */
  readonly #known: { readonly marks: Uint8Array; readonly begins: Uint8Array; readonly keys: Int32Array };
  readonly #beginRows = new Int32Array(maxBatchRows);
  readonly #rowKeys = new Int32Array(maxBatchRows);
  #runs = 0;
  #runsDropped = 0;
  #sequence = 0;
  #watermark = noWatermark;
  #lastEventMs = noWatermark;

  constructor(operator: PatternMatch, step: PlanStep) {
    const { fields } = step.inputs[0];
    const { spec, conditions } = operatorPattern(operator);
    const measures = operator.measures.map((measure) => measure.value);
    const keyFields = keyFieldsOf(operator.keyBy, step.inputs[0]);
    this.#operator = operator;
    const automaton = compilePattern(spec);
    const ofRuns = conditions.map(({ condition }) => condition).filter((condition) => readsStages(condition, fields));
    const order = operator.order ?? [];
    this.#layout = patternLayout(
      [...ofRuns, ...measures],
      fields,
      order.map(({ field }) => field),
    );
    this.#conditions = new PatternConditions(conditions, this.#layout, fields);
    this.#keys = new KeyTable(keyFields);
    this.#buffer = new EventBuffer(this.#layout, conditions.length, order, this.#keys, keyFields);
    this.#beginnings = new Beginnings(automaton, this.#conditions.answeredAtStart);
    this.#matches = new MatchEmitter(outPort, this.#keys, keyFields, measures, this.#layout, step.liveFields.out);
    this.#timeouts = new MatchEmitter(timeoutPort, this.#keys, keyFields, measures, this.#layout, step.liveFields.timeout);
    this.#stageNames = singleStages(operator.stages).map((stage) => stage.name);
    const marks = new Uint8Array(maxBatchRows * conditions.length);
    this.#known = { marks, begins: new Uint8Array(maxBatchRows), keys: new Int32Array(maxBatchRows) };
    const holds: ConditionTest<EventRow> = (condition, event, taken) => this.#conditions.holds(condition, event, taken, this.#buffer);
    this.#rules = new RunRules(automaton, operator.skip, holds, this.#layout.aggregates);
    this.#fresh = this.#createRuns();
  }

  onBatch(_input: number, batch: Batch, out: Collector): void {
    const router = this.#router;
    router.route(batch, this.#watermark);
    if (router.lateCount > 0) out.emit(latePort, withSelection(batch, router.lateRows, router.lateCount));
    if (router.count === 0) return;
    const { marks, begins, keys } = this.#known;
    this.#conditions.mark(batch, marks);
    this.#beginnings.mark(marks, this.#conditions.count, router.rows, router.count, begins);
    const beginning = this.#beginRows;
    let count = 0;
    for (let i = 0; i < router.count; i++) if (begins[router.rows[i]] === 1) beginning[count++] = router.rows[i];
    this.#keys.assign(batch, beginning, count, this.#rowKeys);
    this.#reserve();
    for (let i = 0; i < count; i++) {
      keys[beginning[i]] = this.#rowKeys[i];
      this.#uses[this.#rowKeys[i]]++;
    }
    this.#buffer.add(batch, router.rows, router.count, this.#known);
  }

  onWatermark(watermark: number, out: Collector): number {
    if (watermark <= this.#watermark) return watermark;
    const before = this.#watermark;
    this.#watermark = watermark;
    this.#buffer.findKeys(watermark);
    for (;;) {
      this.#lastEventMs = Math.max(this.#lastEventMs, this.#buffer.passOver(watermark, this.#held.places));
      const eventMs = this.#buffer.nextTime;
      const timerMs = this.#timers.next;
      const nextMs = Math.min(eventMs, timerMs);
      if (nextMs > watermark || nextMs === Number.POSITIVE_INFINITY) break;
      // A time limit is exclusive: what ends at the time of an event has ended before it.
      if (timerMs <= eventMs) this.#expire(timerMs, out);
      else {
        for (const slot of this.#buffer.takeEarliest()) this.#process(slot, eventMs, out);
        this.#buffer.endTaking();
      }
    }
    if (watermark === endOfTime) this.#end(before, out);
    this.#matches.flush(out);
    this.#timeouts.flush(out);
    return watermark;
  }

  snapshot(writer: SnapshotWriter): void {
    writer.u32(layoutVersion);
    writer.f64(this.#watermark);
    writer.f64(this.#sequence);
    writer.f64(this.#lastEventMs);
    writer.f64(this.#runsDropped);
    writer.f64(this.#router.withoutTime);
    this.#keys.snapshot(writer);
    this.#buffer.snapshot(writer, this.#answered);
    this.#held.save(writer, (into, keys) => writeRuns(into, keys, this.#runsOf, this.#stageNames, this.#layout.keptFields));
  }

  restore(reader: SnapshotReader): void {
    const version = reader.u32();
    if (version < 1 || version > layoutVersion) throw new Error(`pattern state has layout ${version}, this version reads ${layoutVersion}`);
    this.#watermark = reader.f64();
    this.#sequence = reader.f64();
    this.#lastEventMs = version === 1 ? this.#watermark : reader.f64();
    this.#runsDropped = reader.f64();
    this.#router.withoutTime = reader.f64();
    this.#keys.restore(reader);
    if (version < 3) this.#buffer.restoreFirst(reader);
    else this.#buffer.restore(reader, this.#answered, this.#watermark);
    this.#reserve();
    for (const key of this.#buffer.keysHeld()) this.#uses[key]++;
    for (const [key, restored] of this.#readRuns(reader, version)) {
      const runs = this.#createRuns(restored);
      this.#runsOf.set(key, runs);
      this.#uses[key]++;
      this.#runs += countOf(runs);
      this.#timers.set(key, runs.nextTimeout);
    }
  }

  #readRuns(reader: SnapshotReader, version: number): ReadonlyMap<number, RestoredRuns> {
    const [stages, layout] = [this.#stageNames, this.#layout];
    if (version < 4) {
      const all = readRuns(reader, stages, layout);
      for (const key of all.keys()) this.#held.add(key);
      return all;
    }
    const found = new Map<number, RestoredRuns>();
    this.#held.load(reader, (bytes) => {
      for (const [key, runs] of readRuns(new SnapshotReader(bytes), stages, layout)) if (this.#held.places[key] > 0) found.set(key, runs);
    });
    return found;
  }

  gauges(): OperatorGauges {
    return {
      stateKeys: this.#keys.size,
      stateBytes: this.#keys.bytes + this.#buffer.bytes + this.#uses.byteLength + this.#held.bytes + this.#runs * runBytes,
      lateRecords: 0,
      bufferedRecords: 0,
      counters: {
        runs: this.#runs,
        runs_dropped: this.#runsDropped,
        buffered: this.#buffer.size,
        without_time: this.#router.withoutTime,
      },
    };
  }

  /** By condition: 1 where its marks say what it answers for a run that has taken nothing. */
  get #answered(): Uint8Array {
    return Uint8Array.from(this.#conditions.answeredAtStart, Number);
  }

  #reserve(): void {
    this.#uses = grownInt32(this.#uses, this.#keys.capacity);
    this.#held.reserve(this.#keys.capacity);
  }

  #createRuns(restored?: RestoredRuns): PatternRuns<EventRow> {
    return new PatternRuns(this.#rules, restored);
  }

  #process(slot: number, eventMs: number, out: Collector): void {
    this.#lastEventMs = eventMs;
    const key = this.#buffer.keyOf(slot);
    const canBegin = this.#buffer.canBegin(slot);
    if (!canBegin && (key < 0 || this.#held.places[key] === 0)) return;
    const runs = this.#runsOf.get(key) ?? this.#fresh;
    const event: PatternEvent<EventRow> = { sequence: this.#sequence++, time: eventMs, value: { slot, values: null } };
    const before = countOf(runs);
    const result = runs.process(event);
    this.#runsDropped += runs.limit(this.#operator.maxRunsPerKey);
    const { hasTaken, hasChanged } = this.#rules;
    if (hasTaken) this.#buffer.read(event);
    event.value.slot = -1;
    if (hasChanged) {
      this.#emit(result, key, eventMs, out);
      this.#settle(key, runs, before);
    }
    if (canBegin) this.#release(key);
  }

  #expire(timerMs: number, out: Collector): void {
    const key = this.#timers.take();
    const runs = this.#runsOf.get(key);
    if (runs === undefined) return;
    const before = countOf(runs);
    this.#emit(runs.advanceTime(timerMs), key, timerMs, out);
    this.#settle(key, runs, before);
  }

  /** At the end of bounded input, what was held back comes out with the time of the last event of all, or just behind the watermark. */
  #end(watermark: number, out: Collector): void {
    const timeMs = Math.max(this.#lastEventMs, watermark + 1);
    for (const [key, runs] of [...this.#runsOf]) {
      if (runs.completed.length === 0) continue;
      const before = countOf(runs);
      this.#emit(runs.end(), key, timeMs, out);
      this.#settle(key, runs, before);
    }
  }

  #emit({ matches, timeouts }: StepResult<EventRow>, key: number, timeMs: number, out: Collector): void {
    for (const match of matches) this.#matches.add(match, key, timeMs, out);
    for (const match of timeouts) this.#timeouts.add(match, key, timeMs, out);
  }

  /** Keeps the runs of a key only while it has any, and its timer up to date. */
  #settle(key: number, runs: PatternRuns<EventRow>, before: number): void {
    this.#runs += countOf(runs) - before;
    const wasFresh = runs === this.#fresh;
    if (runs.idle) {
      if (wasFresh) return;
      this.#runsOf.delete(key);
      this.#held.remove(key);
      this.#timers.set(key, Number.POSITIVE_INFINITY);
      this.#fresh = runs;
      this.#release(key);
      return;
    }
    if (wasFresh) {
      this.#runsOf.set(key, runs);
      this.#held.add(key);
      this.#uses[key]++;
      this.#fresh = this.#createRuns();
    } else this.#held.change(key);
    this.#timers.set(key, runs.nextTimeout);
  }

  #release(key: number): void {
    if (--this.#uses[key] === 0) this.#keys.release(key);
  }
}

function countOf(runs: PatternRuns<EventRow>): number {
  return runs.runs.length - 1 + runs.completed.length;
}
