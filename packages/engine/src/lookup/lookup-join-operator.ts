import { type Batch, maxBatchRows } from "../column/batch.ts";
import type { LookupAnswer, LookupKey } from "../connector/lookup-port.ts";
import type { Answered, Asking, Collector, Operator, OperatorGauges, Question } from "../dataflow/operator.ts";
import { compileKernel } from "../expression/compile-kernel.ts";
import type { Kernel } from "../expression/kernel.ts";
import { JoinEmitter } from "../join/join-emitter.ts";
import { JoinKeys, nullKey } from "../join/join-keys.ts";
import type { PlannedOperator, PlanStep } from "../plan/logical-plan.ts";
import { grownInt32 } from "../state/grown-array.ts";
import type { SnapshotReader } from "../state/snapshot-reader.ts";
import type { SnapshotWriter } from "../state/snapshot-writer.ts";
import { noWatermark } from "../time/watermark.ts";
import { DeadLetterEmitter } from "./dead-letter-emitter.ts";
import { FoundRows } from "./found-rows.ts";
import { LookupCache, noRow, unknown } from "./lookup-cache.ts";
import { LookupQueue } from "./lookup-queue.ts";
import { OpenQuestions } from "./open-questions.ts";

type LookupJoin = Extract<PlannedOperator, { op: "lookup-join" }>;

const layoutVersion = 1;
const deadLetterPort = 1;
const failed = -3;

/**
 * Puts behind each record the row that something outside has for its keys. Ports: `out`, `dead_letter`.
 *
 * Records wait in a queue, with the watermarks between them, until their keys are answered; `Asking` is how the run
 * loop takes the questions and brings the answers. What waits is part of a snapshot and is asked again after a
 * restore, watermarks included. Counters: `waiting` (records), `asked`, `cached` (records answered by the cache),
 * `unmatched` (records without a row), `failed` (questions), `null_keys` (records dropped for a NULL in the key),
 * `cache_rows`, `cache_evicted`.
 */
export function createLookupJoinOperator(operator: LookupJoin, step: PlanStep): Operator {
  return new LookupJoinOperator(operator, step);
}

class LookupJoinOperator implements Operator, Asking {
  readonly ports = ["out", "dead_letter"];
  readonly asking: Asking = this;
  readonly #operator: LookupJoin;
  readonly #kernels: readonly Kernel[];
  readonly #keys: JoinKeys;
  readonly #queue: LookupQueue;
  readonly #found: FoundRows;
  readonly #cache: LookupCache | null;
  readonly #questions = new OpenQuestions();
  readonly #emitter: JoinEmitter;
  readonly #deadLetters: DeadLetterEmitter;
  readonly #rows = new Int32Array(maxBatchRows);
  readonly #rowKeys = new Int32Array(maxBatchRows);
  readonly #slots = new Int32Array(maxBatchRows);
  /** By slot of a record: the slot of its found row, `noRow`, `unknown` or `failed`. */
  #answers: Int32Array = new Int32Array(16);
  readonly #reasons = new Map<number, string>();
  #taken: Int32Array = new Int32Array(16);
  #nowMs = 0;
  #forwarded = noWatermark;
  #counts = { asked: 0, cached: 0, unmatched: 0, failed: 0, nullKeys: 0 };

  constructor(operator: LookupJoin, step: PlanStep) {
    const [input] = step.inputs;
    this.#operator = operator;
    this.#kernels = operator.keys.map(({ value }) => compileKernel(value));
    const names = operator.keys.map((_key, i) => `${i}`);
    const fields = operator.keys.map(({ value }, i) => ({ name: names[i], type: value.type }));
    const keyType = { ...input, fields };
    this.#keys = new JoinKeys({ on: names.map((name) => ({ left: name, right: name })) }, keyType, keyType);
    this.#queue = new LookupQueue(input.fields, this.#keys);
    this.#found = new FoundRows(operator.fields);
    this.#cache = operator.cache === null ? null : new LookupCache(operator.cache, this.#keys, this.#found);
    this.#emitter = new JoinEmitter(step, this.#queue.rows, this.#found.rows);
    this.#deadLetters = new DeadLetterEmitter(step, this.#queue.rows, deadLetterPort);
  }

  get full(): boolean {
    return this.#questions.open >= this.#operator.capacity;
  }

  get waiting(): boolean {
    return !this.#queue.isEmpty;
  }

  onBatch(_input: number, batch: Batch, out: Collector): void {
    const { selection, selected } = batch;
    for (let i = 0; i < selected; i++) this.#rows[i] = selection === null ? i : selection[i];
    const keyBatch = { ...batch, columns: this.#kernels.map((kernel) => kernel(batch)) };
    this.#keys.assign(0, keyBatch, this.#rows, selected, this.#rowKeys);
    const count = this.#operator.kind === "left" ? selected : this.#dropNullKeys(selected);
    this.#queue.add(batch, this.#rows, count, this.#rowKeys, this.#slots);
    this.#answers = grownInt32(this.#answers, this.#queue.rows.capacity);
    for (let i = 0; i < count; i++) this.#lookUp(this.#slots[i], this.#rowKeys[i]);
    this.#emitReady(out);
  }

  onWatermark(watermark: number): number {
    if (this.#queue.isEmpty) this.#forwarded = watermark;
    else this.#queue.addWatermark(watermark);
    return this.#forwarded;
  }

  onProcessingTime(nowMs: number): void {
    this.#nowMs = nowMs;
  }

  take(most: number): readonly Question[] {
    const keys = this.#questions.take(most);
    this.#counts.asked += keys.length;
    return keys.map((id) => ({ id, key: this.#keyValues(id) }));
  }

  answer(answered: readonly Answered[], nowMs: number): void {
    this.#nowMs = nowMs;
    for (const { id, answer } of answered) this.#close(id, answer);
  }

  advance(out: Collector): number | null {
    this.#emitReady(out);
    const watermark = this.#queue.takeWatermark();
    if (watermark !== null) this.#forwarded = watermark;
    return watermark;
  }

  snapshot(writer: SnapshotWriter): void {
    writer.u32(layoutVersion);
    const { asked, cached, unmatched, failed, nullKeys } = this.#counts;
    for (const value of [this.#forwarded, this.#nowMs, asked, cached, unmatched, failed, nullKeys]) writer.f64(value);
    this.#keys.snapshot(writer);
    this.#queue.snapshot(writer);
    const isKept = this.#cache !== null && this.#operator.cache?.inState === true;
    writer.boolean(isKept);
    if (isKept) this.#cache?.snapshot(writer);
    else writer.i32Array(this.#cache?.keys() ?? new Int32Array(0));
  }

  restore(reader: SnapshotReader): void {
    const version = reader.u32();
    if (version !== layoutVersion) throw new Error(`lookup state has layout ${version}, this version reads ${layoutVersion}`);
    this.#forwarded = reader.f64();
    this.#nowMs = reader.f64();
    const [asked, cached, unmatched, failed, nullKeys] = Array.from({ length: 5 }, () => reader.f64());
    this.#counts = { asked, cached, unmatched, failed, nullKeys };
    this.#keys.restore(reader);
    this.#queue.restore(reader);
    // Answers that are in state are read even where they are no longer wanted.
    if (reader.boolean()) (this.#cache ?? this.#scratchCache()).restore(reader);
    else for (const key of reader.i32Array()) this.#keys.forgetUnused(key);
    this.#answers = grownInt32(this.#answers, this.#queue.rows.capacity);
    for (let i = 0; i < this.#queue.size; i++) this.#lookUp(this.#queue.slotAt(i), this.#queue.keyOf(this.#queue.slotAt(i)));
  }

  gauges(): OperatorGauges {
    const { asked, cached, unmatched, failed, nullKeys } = this.#counts;
    return {
      stateKeys: this.#keys.size,
      stateBytes: this.#keys.bytes + this.#queue.bytes + this.#found.bytes + (this.#cache?.bytes ?? 0),
      lateRecords: 0,
      bufferedRecords: this.#queue.size,
      counters: {
        waiting: this.#queue.size,
        asked,
        cached,
        unmatched,
        failed,
        null_keys: nullKeys,
        cache_rows: this.#cache?.size ?? 0,
        cache_evicted: this.#cache?.evicted ?? 0,
      },
      books: { settled: nullKeys + (this.#operator.kind === "left" ? 0 : unmatched) },
    };
  }

  #scratchCache(): LookupCache {
    return new LookupCache({ ttlMs: 1, missingTtlMs: 1, maxEntries: 1, inState: false }, this.#keys, this.#found);
  }

  #dropNullKeys(count: number): number {
    let kept = 0;
    for (let i = 0; i < count; i++) {
      if (this.#rowKeys[i] === nullKey) continue;
      this.#rows[kept] = this.#rows[i];
      this.#rowKeys[kept++] = this.#rowKeys[i];
    }
    this.#counts.nullKeys += count - kept;
    return kept;
  }

  /** Gives a record that has just come its answer, or makes it wait for one. */
  #lookUp(slot: number, key: number): void {
    const known = key === nullKey ? noRow : (this.#cache?.get(key, this.#nowMs) ?? unknown);
    this.#answers[slot] = known;
    this.#found.retain(known);
    if (known === unknown) this.#questions.wait(slot, key);
    else if (key !== nullKey) this.#counts.cached++;
  }

  #close(key: number, answer: LookupAnswer): void {
    const known = answer.kind === "row" ? this.#found.add(answer.values) : answer.kind === "none" ? noRow : failed;
    if (known === failed) this.#counts.failed++;
    else this.#cache?.put(key, known, this.#nowMs);
    this.#questions.close(key, (slot) => {
      this.#answers[slot] = known;
      this.#found.retain(known);
      if (answer.kind === "failed") this.#reasons.set(slot, answer.reason);
    });
    this.#found.releaseUnused(known);
  }

  /** Emits what is answered of the records before the first watermark. */
  #emitReady(out: Collector): void {
    const queue = this.#queue;
    const { reachable } = queue;
    this.#taken = grownInt32(this.#taken, reachable);
    let count = 0;
    for (let i = 0; i < reachable; i++) {
      const slot = queue.slotAt(i);
      if (this.#answers[slot] === unknown) {
        if (this.#operator.order === "ordered") break;
        continue;
      }
      this.#emit(slot, this.#answers[slot], out);
      this.#taken[count++] = slot;
    }
    if (count === 0) return;
    this.#emitter.flush(out);
    this.#deadLetters.flush(out);
    for (let i = 0; i < count; i++) this.#found.drop(this.#answers[this.#taken[i]]);
    queue.remove(this.#taken, count);
  }

  #emit(slot: number, answer: number, out: Collector): void {
    const { time } = this.#queue.rows;
    const kind = this.#queue.kindOf(slot);
    const reason = answer === failed ? this.#reasons.get(slot) : undefined;
    this.#reasons.delete(slot);
    if (reason !== undefined && this.#operator.onFailure === "dead-letter") {
      this.#deadLetters.add(slot, reason, time[slot], kind, out);
      return;
    }
    if (answer < 0) this.#counts.unmatched++;
    if (answer >= 0 || this.#operator.kind === "left") this.#emitter.add(slot, Math.max(answer, -1), time[slot], out, kind);
  }

  #keyValues(key: number): LookupKey {
    return this.#operator.keys.map((_key, field) => {
      const value = this.#keys.value(key, field);
      if (value === null) throw new Error("a question with a NULL in its key");
      return value;
    });
  }
}
