import type { Diagnostic } from "./diagnostic.ts";

/**
 * What every stage of the engine returns: a value with the warnings that came up on the way, or the
 * diagnostics that say why there is none. Stages never throw for what a user can cause.
 */
export type Result<T> =
  | { readonly ok: true; readonly value: T; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** A success, with the warnings that came up on the way. */
export function success<T>(value: T, warnings: readonly Diagnostic[] = []): Result<T> {
  return { ok: true, value, warnings };
}

/** A failure; `diagnostics` holds at least one error. */
export function failure(diagnostics: readonly Diagnostic[]): { readonly ok: false; readonly diagnostics: readonly Diagnostic[] } {
  return { ok: false, diagnostics };
}
