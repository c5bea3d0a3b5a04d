import type { Batch } from "../column/batch.ts";
import type { Column } from "../column/column.ts";

/**
 * Evaluates an expression over the live rows of a batch; entries at other rows are unspecified.
 * The result is valid until the kernel is called again (kernels reuse their output arrays).
 * Kernels never throw: what cannot be computed (division by zero, a failed cast) is NULL.
 */
export type Kernel = (batch: Batch) => Column;

/**
 * Writes the indexes of the live rows for which the condition is TRUE into `into` (ascending, at least
 * `batch.length` long) and returns how many there are.
 */
export type Predicate = (batch: Batch, into: Int32Array) => number;
