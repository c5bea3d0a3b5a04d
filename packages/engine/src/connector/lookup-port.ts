import type { Clock } from "../time/clock.ts";
import type { Field } from "../types/field-type.ts";
import type { JsonObject } from "../types/json-value.ts";

/** The values of one question, in the order of `LookupContext.keys`; never NULL. Timestamps are ms since the epoch. */
export type LookupKey = readonly (string | number | boolean)[];

/** What a lookup connector is opened with. */
export interface LookupContext {
  readonly options: JsonObject;
  /** Names of what is asked for. */
  readonly keys: readonly string[];
  /** What an answer holds. */
  readonly fields: readonly Field[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * What is known of a key.
 * - `row`: cells of the fields, in order, as `lookupRow` makes them.
 * - `none`: there is no row; that is an answer too.
 * - `failed`: this key cannot be answered, however often it is asked.
 */
export type LookupAnswer =
  | { readonly kind: "row"; readonly values: readonly unknown[] }
  | { readonly kind: "none" }
  | { readonly kind: "failed"; readonly reason: string };

/** Answers questions. Any number of calls may be under way at once. */
export interface LookupReader {
  /** Most keys of one call. */
  readonly maxKeys: number;
  /**
   * The answers to `keys`, in their order. Rejects with a `ConnectorError` when nothing can be said of any of them: it is
   * asked again when that can help, and ends the run when it cannot. `signal` aborts when time is up.
   */
  lookup(keys: readonly LookupKey[], signal: AbortSignal): Promise<readonly LookupAnswer[]>;
  close(): Promise<void>;
}

/** A kind of lookup, by name in the registry. */
export interface LookupConnector {
  /** Rejects with a `ConnectorError` that says what to do (no such table, a refused connection). */
  open(context: LookupContext): Promise<LookupReader>;
}
