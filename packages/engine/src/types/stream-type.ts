import type { Field } from "./field-type.ts";

/** Whether rows are facts, or may be replaced (`update`: upsert by key) or taken back (`retract`). */
export type Changelog = "append" | "update" | "retract";

/** What flows on an edge. */
export interface StreamType {
  readonly fields: readonly Field[];
  /** Which time the records carry; `none` forbids time windows downstream. */
  readonly time: "event" | "processing" | "none";
  /** The field that holds the record's time, when one still does. */
  readonly timeField: string | null;
  readonly changelog: Changelog;
  /** Fields by which the stream is keyed; empty when it is not. */
  readonly key: readonly string[];
}

/** Index of a field, or -1. */
export function fieldIndex(type: StreamType, name: string): number {
  return type.fields.findIndex((field) => field.name === name);
}
