import type { ChunkRef } from "../checkpoint/checkpoint-store.ts";
import type { DeadLetter } from "../connector/source-port.ts";
import type { PartBytes } from "../dataflow/run-checkpoints.ts";
import type { StepTotals } from "../dataflow/step-totals.ts";
import type { LogicalPlan } from "../plan/logical-plan.ts";
import type { SplitWatermarksState } from "../time/split-watermarks.ts";
import type { JsonValue } from "../types/json-value.ts";
import type { WireRows } from "./wire-rows.ts";

/*
 * What the coordinator of a run and its workers say to each other. All of it can be cloned by structure. Between any two
 * of them messages arrive in the order in which they were sent.
 */

/** What a worker is started with. */
export interface WorkerStart {
  readonly plan: LogicalPlan;
  readonly worker: number;
  readonly workers: number;
  /** Into how many groups keys fall in this run: `keyGroups`, or 1 when a checkpoint holds the state of all keys in one piece. */
  readonly groups: number;
  /** By source: what its watermarks were in the checkpoint. */
  readonly watermarks: Readonly<Record<string, SplitWatermarksState>>;
  /** State of the operators of this worker's groups. */
  readonly parts: readonly RestoredPart[];
}

export interface RestoredPart {
  /** Step id, of a group. */
  readonly id: string;
  readonly bytes: Uint8Array;
  /** What is stored of it; empty when it is small. */
  readonly chunks: readonly ChunkRef[];
  /** False: only counters are taken over. */
  readonly fits: boolean;
  /** Which aggregates were written; see `SnapshotReader`. */
  readonly aggregates: readonly number[] | null;
}

/** A chunk of a source, in shared memory where there is such. */
export interface WireChunk {
  readonly bytes: Uint8Array;
  readonly firstLine: number;
  readonly lineName: string | null;
}

/** Records of one split of a source, to be decoded. */
export interface DecodeTask {
  readonly seq: number;
  readonly source: string;
  readonly split: string;
  readonly records:
    | { readonly chunks: readonly WireChunk[] }
    | { readonly rows: readonly WireRows[]; readonly letters: readonly DeadLetter[] };
  /** State of the decoder before; null: none is needed. */
  readonly decoder: JsonValue;
  /** Records at the start that are done already. */
  readonly skip: number;
  /** Of sources in processing time: when the records came, ms since the epoch. */
  readonly stampMs: number;
}

/** What the records of a task mean for the watermarks of their source. */
export interface TaskFacts {
  /** Handed on. */
  readonly records: number;
  /** These, and those that were refused for their times. */
  readonly decoded: number;
  readonly newestMs: number;
}

/** Rows of a task that go over one edge. */
export interface EdgeRows {
  readonly edge: number;
  readonly rows: readonly WireRows[];
}

/** The place of a task in the order. */
export interface TaskEntry {
  readonly seq: number;
  readonly kind: "task";
  readonly source: string;
  readonly split: string;
  /** Which decodes it. */
  readonly worker: number;
}

/**
 * One step of the order of a run, which all workers follow alike: that makes every worker's part of it the same in every run.
 * Of a task only its decoder hears from the coordinator; the others know of it by its rows.
 */
export type LogEntry = TaskEntry | OtherEntry;

/** What of a task is for one worker. */
export interface TaskRows {
  readonly entry: TaskEntry;
  readonly facts: TaskFacts;
  readonly edges: readonly EdgeRows[];
}

export type OtherEntry = { readonly seq: number } /** Splits that are there from now on. */ & (
  | { readonly kind: "splits"; readonly source: string; readonly splits: readonly string[] }
  /** Splits of which nothing will come any more. */
  | { readonly kind: "finished"; readonly source: string; readonly splits: readonly string[] }
  /** Splits without records; `isAll`: the source has no others. */
  | { readonly kind: "idle"; readonly source: string; readonly splits: readonly string[]; readonly isAll: boolean }
  | { readonly kind: "raise"; readonly source: string; readonly watermark: number }
  | { readonly kind: "end"; readonly source: string }
  | { readonly kind: "time"; readonly nowMs: number }
  /** Everything before it is in the checkpoint, and nothing after it. */
  | { readonly kind: "barrier" }
);

export type ToWorker =
  | { readonly kind: "start"; readonly start: WorkerStart }
  | { readonly kind: "task"; readonly task: DecodeTask }
  | { readonly kind: "entry"; readonly entry: OtherEntry }
  /** From the worker that has decoded a task, to every other. */
  | ({ readonly kind: "rows" } & TaskRows)
  /** The last barrier's checkpoint is committed: by step id, what is stored. */
  | { readonly kind: "committed"; readonly chunks: ReadonlyMap<string, readonly ChunkRef[]> };

/** A dead letter whose place among the records of its source only the coordinator knows. */
export interface NumberedLetter extends DeadLetter {
  /** Number among the records of the task that could be decoded, from 1; null: its position says it all. */
  readonly number: number | null;
}

/** What records of keyed operators bring to what runs beside the sources and sinks. */
export type KeyedOutput =
  | { readonly kind: "rows"; readonly edge: number; readonly group: number; readonly rows: readonly WireRows[] }
  | { readonly kind: "watermark"; readonly edge: number; readonly group: number; readonly watermark: number }
  | { readonly kind: "status"; readonly edge: number; readonly group: number; readonly status: "idle" | "active" };

/** Encoded records for a sink. */
export interface StagedRecords {
  readonly sink: string;
  readonly bytes: Uint8Array;
  readonly records: number;
}

export interface NodeLetters {
  readonly node: string;
  readonly letters: readonly DeadLetter[];
}

/** Counts of one worker where it decodes, or of its keyed steps; those of steps that only decode are of this run. */
export interface WorkerTotals {
  readonly steps: readonly StepTotals[];
  /** Records of which it has lost sight. */
  readonly unaccounted: number;
  /** By edge: records sent and received over it. */
  readonly sent: Float64Array;
  readonly received: Float64Array;
}

export type FromWorker =
  | {
      readonly kind: "decoded";
      readonly seq: number;
      readonly facts: TaskFacts;
      /** Records that the task covers, good and bad. */
      readonly read: number;
      readonly undecoded: number;
      readonly withoutTime: number;
      readonly letters: readonly NumberedLetter[];
      readonly operatorLetters: readonly NodeLetters[];
      readonly staged: readonly StagedRecords[];
      readonly edges: readonly EdgeRows[];
      readonly decoder: JsonValue;
      /** What is left of `skip`. */
      readonly skip: number;
      /** Of all that the worker has decoded up to this task. */
      readonly totals: WorkerTotals;
    }
  | {
      readonly kind: "applied";
      readonly seq: number;
      readonly outputs: readonly KeyedOutput[];
      readonly staged: readonly StagedRecords[];
      readonly operatorLetters: readonly NodeLetters[];
      readonly totals: WorkerTotals | null;
      /** Answers a barrier. */
      readonly parts: readonly PartBytes[] | null;
    }
  | { readonly kind: "failed"; readonly failure: WorkerFailure };

export interface WorkerFailure {
  readonly code: string;
  readonly node: string | null;
  readonly message: string;
  readonly retryable: boolean;
}
