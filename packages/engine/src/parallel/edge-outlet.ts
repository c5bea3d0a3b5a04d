import { type Batch, maxBatchRows } from "../column/batch.ts";
import type { Receiver } from "../dataflow/operator-host.ts";
import type { CutEdge } from "../plan/cut-plan.ts";
import type { PlanStep } from "../plan/logical-plan.ts";
import { KeyHash } from "../transform/key-hash.ts";
import { keyGroupOf, workerOf } from "./key-groups.ts";
import type { EdgeRows, KeyedOutput } from "./messages.ts";
import { type BatchPlaces, RowsWriter } from "./wire-rows.ts";

/** The decoded batch that is being worked on. */
export interface CurrentBatch {
  places: BatchPlaces | null;
}

/**
 * The end of a cut edge where records are decoded: sends each to the worker that has its key, or all of them to where
 * `single` steps run.
 */
export class IngestOutlet implements Receiver {
  readonly step: PlanStep;
  readonly receivedThisRun = new Float64Array(1);
  readonly #edge: CutEdge;
  readonly #current: CurrentBatch;
  readonly #groups: number;
  /** By worker; a single one where records are not keyed. */
  readonly #writers: readonly RowsWriter[];
  readonly #hash: KeyHash;
  readonly #rows = new Int32Array(maxBatchRows);
  readonly #hashes = new Uint32Array(maxBatchRows);
  readonly #rowGroups = new Uint8Array(maxBatchRows);
  /** By group. */
  readonly #workerOf: Uint8Array;
  /** By worker: how many rows of the batch are for it, and which; those of each worker in a stretch of their own. */
  readonly #counts: Int32Array;
  readonly #chosen: Int32Array;

  /** `step`: the one that reads the edge. */
  constructor(edge: CutEdge, step: PlanStep, current: CurrentBatch, workers: number, groups: number) {
    this.step = step;
    this.#edge = edge;
    this.#current = current;
    this.#groups = groups;
    const ways = edge.between === "ingest-keyed" ? workers : 1;
    this.#writers = Array.from({ length: ways }, () => new RowsWriter(edge.stream, edge.live));
    this.#hash = new KeyHash(edge.key);
    this.#workerOf = Uint8Array.from({ length: groups }, (_, group) => workerOf(group, workers, groups));
    this.#counts = new Int32Array(ways);
    this.#chosen = new Int32Array(ways * maxBatchRows);
  }

  receive(_input: number, batch: Batch): void {
    const { selection, selected } = batch;
    this.receivedThisRun[0] += selected;
    const rows = this.#rows;
    for (let p = 0; p < selected; p++) rows[p] = selection === null ? p : selection[p];
    const { places } = this.#current;
    if (this.#edge.between !== "ingest-keyed") {
      this.#writers[0].add(batch, rows, selected, null, places);
      return;
    }
    this.#groupRows(batch, selected);
    const counts = this.#counts;
    counts.fill(0);
    for (let p = 0; p < selected; p++) {
      const worker = this.#workerOf[this.#rowGroups[rows[p]]];
      this.#chosen[worker * maxBatchRows + counts[worker]++] = rows[p];
    }
    for (let worker = 0; worker < counts.length; worker++) {
      const from = worker * maxBatchRows;
      const count = counts[worker];
      if (count > 0) this.#writers[worker].add(batch, this.#chosen.subarray(from, from + count), count, this.#rowGroups, places);
    }
  }

  get edge(): number {
    return this.#edge.id;
  }

  /** Watermarks are made anew at the other end, from the facts of the task. */
  receiveWatermark(): void {}
  receiveIdle(): void {}
  receiveActive(): void {}

  /** What is to go to a worker since the last call; null when there is nothing. */
  take(worker: number): EdgeRows | null {
    const rows = this.#writers[worker].take();
    return rows.length === 0 ? null : { edge: this.#edge.id, rows };
  }

  #groupRows(batch: Batch, selected: number): void {
    if (this.#groups === 1) {
      this.#rowGroups.fill(0);
      return;
    }
    this.#hash.hash(batch, this.#rows, selected, this.#hashes);
    for (let p = 0; p < selected; p++) this.#rowGroups[this.#rows[p]] = keyGroupOf(this.#hashes[p]);
  }
}

/** The end of a cut edge behind a keyed step: keeps what comes, in order, for where `single` steps run. */
export class KeyedOutlet implements Receiver {
  readonly step: PlanStep;
  readonly receivedThisRun = new Float64Array(1);
  readonly #edge: CutEdge;
  readonly #group: number;
  readonly #writer: RowsWriter;
  readonly #outputs: KeyedOutput[];

  get edge(): number {
    return this.#edge.id;
  }

  /** `outputs`: where it keeps them, shared by all outlets of a worker. */
  constructor(edge: CutEdge, step: PlanStep, group: number, outputs: KeyedOutput[]) {
    this.step = step;
    this.#edge = edge;
    this.#group = group;
    this.#writer = new RowsWriter(edge.stream, edge.live);
    this.#outputs = outputs;
  }

  receive(_input: number, batch: Batch): void {
    const { selection, selected } = batch;
    this.receivedThisRun[0] += selected;
    const rows = selection?.subarray(0, selected) ?? Int32Array.from({ length: selected }, (_, i) => i);
    this.#writer.add(batch, rows, selected, null, null);
  }

  receiveWatermark(_input: number, watermark: number): void {
    this.flush();
    this.#outputs.push({ kind: "watermark", edge: this.#edge.id, group: this.#group, watermark });
  }

  receiveIdle(): void {
    this.#status("idle");
  }

  receiveActive(): void {
    this.#status("active");
  }

  /** Puts the rows that came last among the outputs. */
  flush(): void {
    const rows = this.#writer.take();
    if (rows.length > 0) this.#outputs.push({ kind: "rows", edge: this.#edge.id, group: this.#group, rows });
  }

  #status(status: "idle" | "active"): void {
    this.flush();
    this.#outputs.push({ kind: "status", edge: this.#edge.id, group: this.#group, status });
  }
}
