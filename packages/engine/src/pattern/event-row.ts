import type { PatternEvent } from "./pattern-runs.ts";

/**
 * An event as runs share it. Its values are read out of the buffer when they are first needed, and at the latest
 * when a run has taken the event: then they live as long as any run that refers to them.
 */
export interface EventRow {
  /** Where the buffer holds it; -1 once it has left. */
  slot: number;
  /** By kept field, plain values; null until they were read. */
  values: readonly unknown[] | null;
}

/** The values of an event that has been read. */
export function valuesOf(event: PatternEvent<EventRow>): readonly unknown[] {
  const { values } = event.value;
  if (values === null) throw new Error(`event ${event.sequence} has left the buffer without being read`);
  return values;
}
