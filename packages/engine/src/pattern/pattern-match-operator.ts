import { type Batch, columnAt, maxBatchRows, withSelection } from "../column/batch.ts";
import type { Column } from "../column/column.ts";
import type { Collector, Operator, OperatorGauges, Parting, Spilling } from "../dataflow/operator.ts";
import { TimeRouter } from "../join/time-router.ts";
import type { PlannedOperator, PlanStep } from "../plan/logical-plan.ts";
import { singleStages } from "../plan/pattern-operator.ts";
import { ColdKeys, type KeyedState } from "../state/cold-keys.ts";
import { keyFieldsOf } from "../state/key-fields.ts";
import { KeyTable } from "../state/key-table.ts";
import { partKeys } from "../state/part-keys.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { endOfTime, noWatermark } from "../time/watermark.ts";
import { Beginnings } from "./beginnings.ts";
import { compilePattern } from "./compile-pattern.ts";
import type { EventBlock, FindKeys } from "./event-block.ts";
import { EventBuffer, rowOf } from "./event-buffer.ts";
import { KeyRuns } from "./key-runs.ts";
import { MatchEmitter } from "./match-emitter.ts";
import { operatorPattern } from "./operator-pattern.ts";
import { PatternConditions } from "./pattern-conditions.ts";
import { patternLayout, readsStages } from "./pattern-layout.ts";
import { type RunsListener, stagesOf } from "./run-rules.ts";
import { RunTable } from "./run-table.ts";
import { RunsCodec } from "./runs-snapshot.ts";
import { StageValues } from "./stage-values.ts";
import { TakenEvents } from "./taken-events.ts";

type PatternMatch = Extract<PlannedOperator, { op: "pattern-match" }>;

/**
 * Layout 1 did not have the time of the last event; before layout 3 the events that wait were written one by one, and before
 * layout 4 all runs whenever one had changed.
 */
const layoutVersion = 4;
const [outPort, timeoutPort, latePort] = [0, 1, 2];

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
  readonly spilling: Spilling = { attach: (rows, hotRuns) => this.#cold.attach(rows, hotRuns) };
  readonly parting: Parting = {
    standing: () => ({
      progress: [this.#watermark, this.#sequence, this.#lastEventMs],
      counts: [this.#runsDropped, this.#router.withoutTime],
    }),
    stand: ({ progress, counts }) => {
      [this.#watermark, this.#sequence, this.#lastEventMs] = progress;
      [this.#runsDropped, this.#router.withoutTime] = counts;
    },
    part: (give) => this.#part(give),
    take: (key, state) => this.#take(key, state),
    settle: () => {
      this.#buffer.settle();
      for (const key of this.#strangers.splice(0)) this.#keys.release(key);
    },
  };
  readonly #operator: PatternMatch;
  readonly #taken: TakenEvents;
  readonly #conditions: PatternConditions;
  readonly #buffer: EventBuffer;
  readonly #keys: KeyTable;
  readonly #matches: MatchEmitter;
  readonly #timeouts: MatchEmitter;
  readonly #router = new TimeRouter();
  readonly #runs: KeyRuns;
  readonly #beginnings: Beginnings;
  readonly #cold: ColdKeys;
  readonly #find: FindKeys;
  /** Of the fields of the key, by their index in batches. */
  readonly #keyColumns: readonly number[];
  /** Keys that were taken with events alone that begin nothing. */
  readonly #strangers: number[] = [];
  /** By row of a batch. */
  readonly #known: { readonly marks: Uint8Array; readonly begins: Uint8Array; readonly keys: Int32Array };
  readonly #beginRows = new Int32Array(maxBatchRows);
  readonly #rowKeys = new Int32Array(maxBatchRows);
  /** Partial matches outside of memory. */
  #coldRuns = 0;
  #runsDropped = 0;
  #sequence = 0;
  /** The event that is processed, the time of the rows that come of it, and where they go. */
  #block: EventBlock | null = null;
  #row = 0;
  #rowMs = noWatermark;
  #out: Collector | null = null;
  readonly #listener: RunsListener = {
    match: (key, taken) => {
      if (this.#out !== null) this.#matches.add(taken, key, this.#rowMs, this.#out);
    },
    timeout: (key, taken) => {
      if (this.#out !== null) this.#timeouts.add(taken, key, this.#rowMs, this.#out);
    },
  };
  #watermark = noWatermark;
  #lastEventMs = noWatermark;
  /** Of the events that were passed over without being kept; none is later than the next watermark. */
  #passedMs = noWatermark;

  constructor(operator: PatternMatch, step: PlanStep) {
    const { fields } = step.inputs[0];
    const { spec, conditions } = operatorPattern(operator);
    const measures = operator.measures.map((measure) => measure.value);
    const keyFields = keyFieldsOf(operator.keyBy, step.inputs[0]);
    this.#operator = operator;
    const automaton = compilePattern(spec);
    const ofRuns = conditions.map(({ condition }) => condition).filter((condition) => readsStages(condition, fields));
    const order = operator.order ?? [];
    const layout = patternLayout(
      [...ofRuns, ...measures],
      fields,
      order.map(({ field }) => field),
    );
    const stages = stagesOf(automaton);
    const ofStage = (name: string): boolean => layout.aggregates.some(({ stage }) => stage === null || stage === name);
    const taken = new TakenEvents(layout.keptFields, { count: layout.aggregates.length, of: stages.map(ofStage) }, (event) =>
      this.#block?.give(this.#row, taken.columns, event),
    );
    this.#taken = taken;
    const stageValues = new StageValues(layout.aggregates, stages, taken);
    this.#conditions = new PatternConditions(conditions, layout, fields, stages, stageValues);
    this.#keys = new KeyTable(keyFields);
    this.#keyColumns = keyFields.map(({ index }) => index);
    this.#buffer = new EventBuffer(layout, conditions.length, order, this.#keys, keyFields);
    this.#beginnings = new Beginnings(automaton, this.#conditions.answeredAtStart);
    const emitter = (port: number, live: readonly boolean[] | undefined): MatchEmitter =>
      new MatchEmitter(port, this.#keys, keyFields, measures, layout, live, stageValues, taken);
    this.#matches = emitter(outPort, step.liveFields.out);
    this.#timeouts = emitter(timeoutPort, step.liveFields.timeout);
    const marks = new Uint8Array(maxBatchRows * conditions.length);
    this.#known = { marks, begins: new Uint8Array(maxBatchRows), keys: new Int32Array(maxBatchRows) };
    const test = (condition: number, of: number): boolean => this.#conditions.holds(condition, of);
    const table = new RunTable({ automaton, skip: operator.skip, test, taken, stages });
    const written = singleStages(operator.stages).map((stage) => stage.name);
    this.#runs = new KeyRuns(this.#keys, table, new RunsCodec(table, layout.keptFields, stages, written));
    const spans = [automaton.withinMs, ...automaton.states.map(({ withinPreviousMs }) => withinPreviousMs)];
    this.#cold = new ColdKeys(
      this.#keys,
      this.#keyedState(),
      spans.map((span) => span ?? 0),
    );
    this.#find = (columns, rows, count, into) => {
      if (this.#cold.size > 0) this.#findCold(columns, rows, count, into);
      else this.#keys.find(columns, rows, count, into);
    };
  }

  onBatch(_input: number, batch: Batch, out: Collector, watermark: number): void {
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
    if (this.#cold.active) this.#cold.meet(this.#rowKeys, count);
    this.#runs.reserve();
    for (let i = 0; i < count; i++) {
      keys[beginning[i]] = this.#rowKeys[i];
      this.#runs.use(this.#rowKeys[i]);
    }
    const kept = this.#cold.active ? router.count : this.#passOver(batch, watermark);
    if (kept > 0) this.#buffer.add(batch, router.rows, kept, this.#known);
    if (this.#cold.active) this.#cold.spill();
  }

  /**
   * Drops those of the events on time that can do nothing, whatever comes: they begin no match, their key has no partial match and no event
   * that could begin one, and what comes behind the watermark that follows at once is no earlier. Returns how many are left.
   */
  #passOver(batch: Batch, watermark: number): number {
    const { rows, count } = this.#router;
    if (!(watermark > this.#watermark)) return count;
    const { time } = batch;
    const { begins } = this.#known;
    const [others, keys] = [this.#beginRows, this.#rowKeys];
    let asked = 0;
    for (let i = 0; i < count; i++) {
      others[asked] = rows[i];
      asked += Number(begins[rows[i]] === 0 && time[rows[i]] <= watermark);
    }
    if (asked === 0) return count;
    this.#keys.find(
      this.#keyColumns.map((index) => columnAt(batch, index)),
      others,
      asked,
      keys,
    );
    let passedMs = this.#passedMs;
    let kept = 0;
    for (let i = 0, next = 0; i < count; i++) {
      const row = rows[i];
      const isPassed = next < asked && others[next] === row && keys[next++] < 0;
      if (isPassed && time[row] > passedMs) passedMs = time[row];
      rows[kept] = row;
      kept += Number(!isPassed);
    }
    this.#passedMs = passedMs;
    return kept;
  }

  onWatermark(watermark: number, out: Collector): number {
    if (watermark <= this.#watermark) return watermark;
    const before = this.#watermark;
    if (this.#cold.active) this.#cold.advance(watermark, (until) => this.#advance(until, before, out));
    this.#advance(watermark, before, out);
    if (this.#cold.active) this.#cold.spill();
    return watermark;
  }

  /** `before`: the watermark of before the one that has come. */
  #advance(watermark: number, before: number, out: Collector): void {
    this.#watermark = Math.max(this.#watermark, watermark);
    this.#buffer.findKeys(watermark, this.#find);
    this.#out = out;
    for (;;) {
      const eventMs = this.#buffer.nextTime;
      const timerMs = this.#runs.timers.next;
      const nextMs = Math.min(eventMs, timerMs);
      if (nextMs > watermark || nextMs === Number.POSITIVE_INFINITY) break;
      // A time limit is exclusive: what ends at the time of an event has ended before it.
      if (timerMs <= eventMs) this.#expire(timerMs);
      else if (this.#buffer.hasTies) this.#processEarliest();
      else this.#processFirst(watermark);
    }
    this.#lastEventMs = Math.max(this.#lastEventMs, this.#passedMs);
    if (watermark === endOfTime) this.#end(before);
    this.#matches.flush(out);
    this.#timeouts.flush(out);
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
    this.#runs.snapshot(writer);
    writer.f64(this.#coldRuns);
    this.#cold.snapshot(writer);
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
    this.#runs.reserve();
    for (const key of this.#buffer.keysHeld()) this.#runs.use(key);
    if (version < 4) this.#runs.restoreAll(reader);
    else this.#runs.restore(reader);
    // Not in snapshots of before keys could leave memory.
    if (reader.remaining > 0) this.#coldRuns = reader.f64();
    this.#cold.restore(reader);
    // With other conditions than before more events may begin a match.
    if (this.#cold.size > 0) for (const key of new Set(this.#buffer.keysHeld())) this.#cold.meet(Int32Array.of(key), 1);
  }

  gauges(): OperatorGauges {
    return {
      stateKeys: this.#keys.size + this.#cold.size,
      stateBytes: this.#keys.bytes + this.#buffer.bytes + this.#runs.bytes,
      lateRecords: 0,
      bufferedRecords: 0,
      counters: {
        runs: this.#runs.size + this.#coldRuns,
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

  /** Processes the events of the first block up to a time, as far as no timer and no event of another block comes before them. */
  #processFirst(untilMs: number): void {
    const block = this.#buffer.first;
    if (block === undefined) return;
    const [from, to] = [block.head, this.#buffer.firstRun];
    const { time } = block;
    const { timers } = this.#runs;
    for (; block.head < to; block.head++) {
      const eventMs = time[block.head];
      if (eventMs > untilMs || timers.next <= eventMs) break;
      this.#process(block, block.head);
    }
    this.#buffer.settleFirst(block, block.head - from);
  }

  /** Processes the events of the earliest time in their own order. */
  #processEarliest(): void {
    for (const slot of this.#buffer.takeEarliest()) this.#process(this.#buffer.blockOf(slot), rowOf(slot));
    this.#buffer.endTaking();
  }

  #process(block: EventBlock, row: number): void {
    const eventMs = block.time[row];
    this.#lastEventMs = Math.max(this.#lastEventMs, eventMs);
    const key = block.keys[row];
    const canBegin = block.begins[row] === 1;
    if (!canBegin && (key < 0 || this.#runs.places[key] === 0)) return;
    this.#block = block;
    this.#row = row;
    this.#rowMs = eventMs;
    this.#taken.offer(this.#sequence++, eventMs);
    this.#conditions.offer(block, row);
    this.#runsDropped += this.#runs.process(key, canBegin, this.#operator.maxRunsPerKey, this.#listener);
    if (canBegin) this.#runs.release(key);
  }

  /** An event may lead a run to where its time is over already: that ends with the event, as what is earlier was told before. */
  #expire(timerMs: number): void {
    this.#rowMs = Math.max(timerMs, this.#lastEventMs);
    this.#runs.expire(this.#rowMs, this.#listener);
  }

  /** At the end of bounded input, what was held back comes out with the time of the last event of all, or just behind the watermark. */
  #end(watermark: number): void {
    this.#rowMs = Math.max(this.#lastEventMs, watermark + 1);
    this.#runs.end(this.#listener);
  }

  #keyedState(): KeyedState {
    const runs = this.#runs;
    return {
      get size() {
        return runs.size;
      },
      holds: (key) => runs.has(key),
      dueMs: (key) => runs.dueMs(key),
      moveOut: (key, writer) => {
        this.#coldRuns += runs.moveOut(key, writer);
      },
      moveIn: (key, reader) => {
        this.#coldRuns -= runs.moveIn(key, reader);
      },
    };
  }

  /** Finds keys that may be outside of memory, and brings them back. */
  #findCold(columns: readonly Column[], rows: Int32Array, count: number, into: Int32Array): void {
    this.#register(columns, rows, count, into);
    this.#cold.meet(into, count);
    const strangers = new Set<number>();
    for (let i = 0; i < count; i++) {
      const key = into[i];
      if (this.#runs.isUsed(key)) continue;
      strangers.add(key);
      into[i] = -1;
    }
    for (const key of strangers) this.#keys.release(key);
  }

  /** The ids of keys, registered where they are new. */
  #register(columns: readonly Column[], rows: Int32Array, count: number, into: Int32Array): void {
    const batch = { length: maxBatchRows, selection: null, selected: maxBatchRows, columns, time: noTimes, kinds: null };
    this.#keys.assign(batch, rows, count, into, [...columns.keys()]);
    this.#runs.reserve();
  }

  /** See `Parting`. */
  #part(give: (key: string, state: SnapshotReader) => void): void {
    const events = this.#buffer.takeApart((...columns) => this.#register(...columns));
    const holds = (key: number): boolean => this.#runs.has(key) || events.has(key);
    const write = (key: number, writer: SnapshotWriter): void => {
      const waiting = events.get(key);
      writer.boolean(waiting !== undefined);
      waiting?.(writer);
      this.#runs.moveOut(key, writer);
    };
    partKeys(this.#keys, holds, write, give);
  }

  #take(text: string, state: SnapshotReader): void {
    const key = this.#keys.idOf(text);
    this.#runs.reserve();
    if (state.boolean()) this.#runs.use(key, this.#buffer.take(state, key));
    this.#runs.moveIn(key, state);
    if (!this.#runs.isUsed(key)) this.#strangers.push(key);
  }
}

/** Keys are found by columns alone. */
const noTimes = new Float64Array(0);
