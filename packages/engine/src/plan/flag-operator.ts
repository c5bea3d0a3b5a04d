import { bigintType, booleanType, type Field, stringType, timestampType } from "../types/field-type.ts";
import type { StreamType } from "../types/stream-type.ts";

/**
 * A flag for each key, set by records and gone after a time to live: who is active, which device is overdue, what is
 * switched on for whom. A record for which `setWhen` is TRUE sets it until its event time + `ttlMs`, or keeps it set for
 * longer; one for which `unsetWhen` is TRUE, and `setWhen` is not, unsets it. What comes out are the changes. Output fields:
 * the key fields, `transition` ('set' | 'extended' | 'unset'), `is_set`, `at`, `expires_at` (NULL when unset), `reason`
 * ('condition' | 'expired'), `set_for` (ms since it was set). Event time = `at`. Ports: `out`, `late`, when
 * strict `dead_letter`.
 */
export interface FeatureFlag<E, I> {
  readonly op: "feature-flag";
  readonly input: I;
  /** Key fields; empty = those of the input's `key`, or one global flag when that is empty too. */
  readonly keyBy: readonly string[];
  readonly setWhen: E;
  /** null: only time unsets it. */
  readonly unsetWhen: E | null;
  readonly ttlMs: number;
  /** While set, an `extended` row as soon as it is known to last at least this much longer than said; null = never. */
  readonly extendMs: number | null;
  /**
   * Records on which a condition fails leave by `dead_letter`: it is NULL there although every field that it reads has a
   * value. Absent: they count as ones for which it is not TRUE.
   */
  readonly strict?: boolean;
}

/** The fields behind those of the key. */
export const flagFields: readonly Field[] = [
  { name: "transition", type: stringType },
  { name: "is_set", type: booleanType },
  { name: "at", type: timestampType },
  { name: "expires_at", type: timestampType },
  { name: "reason", type: stringType },
  { name: "set_for", type: bigintType },
];

/** Types of the output ports; null when a key field is not there. */
export function flagTypes(input: StreamType, key: readonly string[]): Readonly<Record<string, StreamType>> | null {
  const fields = key.map((name) => input.fields.find((field) => field.name === name)).filter((field) => field !== undefined);
  if (fields.length < key.length) return null;
  return { out: { fields: [...fields, ...flagFields], time: input.time, timeField: null, changelog: "append", key }, late: input };
}
