import type { DeadLetterEntry, DeploymentStatus, MetricsFrame } from "@millrace/protocol";

/** A row that a sink wrote, as JSON. */
export type RowValue = null | boolean | number | string | readonly RowValue[] | { readonly [name: string]: RowValue };
export type Row = { readonly [name: string]: RowValue };

/** An alert as the inbox keeps it. `id` orders and identifies. */
export interface AlertEntry {
  readonly id: string;
  /** When it was written, ms since the epoch. */
  readonly atMs: number;
  /** Slug of the alert-inbox node. */
  readonly sink: string;
  readonly row: Row;
}

/** A row of a live table. */
export interface LiveRowEntry {
  readonly id: string;
  readonly atMs: number;
  readonly row: Row;
}

export interface DeadLetter extends DeadLetterEntry {
  readonly id: string;
}

export type LogLevel = "debug" | "info" | "warn" | "error";

export interface LogEntry {
  readonly id: string;
  readonly atMs: number;
  readonly level: LogLevel;
  readonly message: string;
  /** What else the line holds. */
  readonly fields: Row;
}

/** One thing that happened; several travel in one message. */
export type LiveEvent =
  | { readonly kind: "frame"; readonly frame: MetricsFrame }
  | { readonly kind: "status"; readonly status: DeploymentStatus }
  | { readonly kind: "alerts"; readonly pipelineId: string; readonly entries: readonly AlertEntry[] }
  | { readonly kind: "rows"; readonly pipelineId: string; readonly sinkId: string; readonly entries: readonly LiveRowEntry[] }
  | { readonly kind: "deadLetters"; readonly pipelineId: string; readonly entries: readonly DeadLetter[] }
  | { readonly kind: "logs"; readonly deploymentId: string; readonly entries: readonly LogEntry[] };
