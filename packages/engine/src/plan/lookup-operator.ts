import type { Field } from "../types/field-type.ts";
import type { JsonObject } from "../types/json-value.ts";
import type { NamedExpression } from "./logical-operator.ts";

/**
 * Asks something outside (a table, a cache, a service) for the row of each record's keys, and puts its fields behind
 * those of the record. Many questions are under way at once; equal ones are asked once. Records keep their time and
 * their kind. A record with a NULL in its keys is not asked for and has no row.
 *
 * A watermark never overtakes a record that came before it. `ordered`: records come out in the order in which they came;
 * `unordered`: as they are answered, but none overtakes a watermark. Output fields: those of the record, then `fields`, with
 * the prefix where the name is taken. Ports: `out`, `dead_letter` (records whose question failed, with the reason).
 */
export interface LookupJoin<E, I> {
  readonly op: "lookup-join";
  readonly input: I;
  /** `inner`: records without a row are dropped; `left`: they come out with NULLs. */
  readonly kind: "inner" | "left";
  /** Name in the registry of lookups. */
  readonly connector: string;
  readonly options: JsonObject;
  /** What is asked for: the connector knows the names. */
  readonly keys: readonly NamedExpression<E>[];
  /** What the answer holds. */
  readonly fields: readonly Field[];
  /** Goes before the name of an answer's field that the record has too. */
  readonly rightPrefix: string;
  readonly order: "ordered" | "unordered";
  /** Questions under way at once; with as many waiting, sources are not read. */
  readonly capacity: number;
  /** For each try. */
  readonly timeoutMs: number;
  /** Tries after the first; between them pauses from 100 ms to 5 s. */
  readonly retries: number;
  readonly cache: LookupCacheSpec | null;
  /** What becomes of a record whose question failed in the end. `null`: it is treated as one without a row. */
  readonly onFailure: "dead-letter" | "null";
}

/** For how long answers are kept (processing time). */
export interface LookupCacheSpec {
  readonly ttlMs: number;
  /** Of keys without a row; 0: they are not kept. */
  readonly missingTtlMs: number;
  /** Most keys; beyond, one that has not been used of late is forgotten. */
  readonly maxEntries: number;
  /** Checkpoints hold the answers, so that what is repeated after a failure meets the same ones until they expire. */
  readonly inState: boolean;
}

/** The field behind those of a record in the `dead_letter` port of an operator: why it is there. */
export const deadLetterReason = "dead_letter_reason";
