import type { CheckpointStore } from "../checkpoint/checkpoint-store.ts";
import type { Batch } from "../column/batch.ts";
import type { ConnectorRegistry } from "../connector/connector-registry.ts";
import type { DeadLetter } from "../connector/source-port.ts";
import type { PipelineSettings } from "../graph/pipeline-settings.ts";
import type { WorkerPool } from "../parallel/worker-pool.ts";
import type { LogicalPlan } from "../plan/logical-plan.ts";
import type { Clock } from "../time/clock.ts";
import type { StateOptions } from "./cold-states.ts";

/** What a pipeline promises its sinks; see `PipelineSettings`. */
export type DeliveryMode = PipelineSettings["delivery"];

/**
 * `latest`: from the newest checkpoint, empty when there is none. `empty`: without any state or position. A number:
 * from that checkpoint, which is kept or one of the newest few; what its sinks got since comes again.
 */
export type StartFrom = "latest" | "empty" | { readonly checkpoint: number };

/** All that a run of a pipeline needs from its host. */
export interface PipelineRunOptions {
  readonly plan: LogicalPlan;
  /** Content hash of the logic; written into manifests. */
  readonly graphHash: string;
  readonly checkpointIntervalMs: number;
  /** `at-least-once`: sinks that can write at once do so, instead of with the checkpoint. Default `exactly-once`. */
  readonly delivery?: DeliveryMode;
  /** Exactly-once sinks that can take records before their checkpoint is committed get so many bytes at a time, or more; a quarter of it after a while. Default 128 KiB. */
  readonly prewriteBytes?: number;
  readonly connectors: ConnectorRegistry;
  readonly store: CheckpointStore;
  readonly clock: Clock;
  readonly startFrom: StartFrom;
  /** Workers that share the decoding of records and the keyed state; default 1: all of it is in this thread. */
  readonly parallelism?: number;
  /** Where these workers come from. Left out: all are in this thread, which gives the same rows and no speed. */
  readonly workers?: WorkerPool;
  /** Where state goes that does not fit into memory. Left out: all of it stays in memory. */
  readonly state?: StateOptions;
  /** Called synchronously; must not throw. */
  readonly onEvent?: (event: RunEvent) => void;
  /**
   * Takes what sinks get as columns, the moment it comes; then nothing is encoded, staged or delivered, and after a restart
   * records may come again. For hosts that read columns in this process. A batch belongs to the call alone.
   */
  readonly takeColumns?: TakeColumns;
}

/** Takes a batch of a sink, with the slug of its node. */
export type TakeColumns = (node: string, batch: Batch) => void;

/** What happened in a run that a person or a log wants to know. */
export type RunEvent =
  | { readonly kind: "restored"; readonly checkpoint: number; readonly fencingToken: number }
  | { readonly kind: "started-empty"; readonly fencingToken: number }
  /** `pauseMs`: the longest that processing stood still for it at one time. */
  | {
      readonly kind: "checkpoint-committed";
      readonly checkpoint: number;
      readonly durationMs: number;
      readonly pauseMs: number;
      readonly bytes: number;
    }
  | { readonly kind: "savepoint"; readonly checkpoint: number; readonly name: string }
  | { readonly kind: "delivered"; readonly sink: string; readonly checkpoint: number; readonly records: number }
  /** A sink cannot be written for now; it is tried again. `problem` null: it works again. */
  | { readonly kind: "sink-problem"; readonly sink: string; readonly problem: { readonly code: string; readonly message: string } | null }
  | { readonly kind: "dead-letters"; readonly node: string; readonly letters: readonly DeadLetter[] }
  /** State of a step that the plan no longer has, or that does not fit any more, was left out. */
  | { readonly kind: "state-discarded"; readonly step: string; readonly reason: string }
  /** State of before an edit was taken over in another form; `reason` says what that means. */
  | { readonly kind: "state-migrated"; readonly step: string; readonly reason: string };

/** How a run is to stop. */
export interface StopRequest {
  readonly drain: boolean;
  readonly savepoint?: string | undefined;
}

/** How a run ended when nothing failed. */
export type RunOutcome = "finished" | "stopped";

/** A failure of the run, with the node that it is about. */
export class PipelineFailure extends Error {
  readonly code: string;
  readonly node: string | null;
  /** False when a restart cannot help (a missing file, an invalid plan, fenced). */
  readonly retryable: boolean;

  constructor(code: string, node: string | null, message: string, retryable: boolean, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "PipelineFailure";
    this.code = code;
    this.node = node;
    this.retryable = retryable;
  }
}

/** One pipeline, running in this thread. */
export interface PipelineRun {
  /** Runs until the end of bounded input or `stop`. Rejects with a `PipelineFailure`. Call once. */
  run(): Promise<RunOutcome>;
  /** Takes a last checkpoint, delivers it and ends; `drain` ends all windows first, as at the end of input. `savepoint`: keeps that checkpoint under this name. */
  stop(options: StopRequest): void;
  /** Takes a checkpoint as soon as possible and keeps it under this name; told as an event. */
  savepoint(name: string): void;
  /** Asks for a checkpoint as soon as possible. */
  checkpointNow(): void;
  /** Records that a connector gave up on while it delivered; told with the next checkpoint. */
  addDeadLetters(node: string, letters: readonly DeadLetter[]): void;
  /** Totals and gauges as of now. */
  metrics(): RunMetrics;
}

export interface RunMetrics {
  /** By node slug. */
  readonly nodes: Readonly<Record<string, NodeTotals>>;
  /** Records over each edge of the graph, by `from>to`. */
  readonly edges: Readonly<Record<string, number>>;
  readonly checkpoint: {
    /** Newest committed, 0 = none. */
    readonly number: number;
    readonly committedAtMs: number | null;
    readonly durationMs: number | null;
    readonly bytes: number;
  };
  readonly unaccounted: number;
}

/** Totals survive restarts with the checkpoint; times are of this run alone. */
export interface NodeTotals {
  readonly recordsIn: number;
  readonly recordsOut: number;
  readonly late: number;
  readonly deadLettered: number;
  /** null before any. */
  readonly watermarkMs: number | null;
  readonly busyMs: number;
  readonly backPressuredMs: number;
  readonly stateKeys: number;
  readonly stateBytes: number;
  readonly counters: Readonly<Record<string, number>>;
}
