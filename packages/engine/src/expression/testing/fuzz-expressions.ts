import { valueAt } from "../../column/column.ts";
import { compileKernel, compilePredicate } from "../compile-kernel.ts";
import type { TypedExpression } from "../typed-expression.ts";
import { BatchGenerator, type RandomBatch } from "./random-batch.ts";
import { ExpressionGenerator } from "./random-expression.ts";
import { RandomSource } from "./random-source.ts";
import { fuzzFields } from "./random-values.ts";
import { evaluateExpression } from "./reference-evaluator.ts";

/** A case in which a kernel and the reference evaluator differ. */
export interface Disagreement {
  /** Replays this case alone: `fuzzExpressions(seed, 1)`. */
  readonly seed: number;
  /** The smallest part of the expression that still disagrees. */
  readonly expression: TypedExpression;
  readonly row: readonly unknown[];
  readonly expected: unknown;
  readonly actual: unknown;
}

/** How many batches run through one kernel, so that its reused arrays and dictionaries are tested too. */
const batchesPerCase = 4;
const maxRows = 24;

/**
 * Compares kernels with the reference evaluator on random expressions over random batches: `cases` expressions
 * from `seed` on. Gives the first disagreement, or null. The same arguments always do the same.
 */
export function fuzzExpressions(seed: number, cases: number): Disagreement | null {
  for (let k = 0; k < cases; k++) {
    const disagreement = fuzzCase((seed + k) | 0);
    if (disagreement !== null) return disagreement;
  }
  return null;
}

function fuzzCase(seed: number): Disagreement | null {
  const random = new RandomSource(seed);
  const expressions = new ExpressionGenerator(random, fuzzFields);
  const depth = 1 + random.below(5);
  const expression = random.chance(0.4) ? expressions.of({ kind: "boolean" }, depth) : expressions.any(depth);
  const batches = new BatchGenerator(random, fuzzFields);
  const input = Array.from({ length: batchesPerCase }, () => batches.next(maxRows));
  return smallest(expression, input, seed);
}

/** Looks for a part that disagrees by itself; parts come first. */
function smallest(expression: TypedExpression, input: readonly RandomBatch[], seed: number): Disagreement | null {
  const disagreement = compare(expression, input, seed);
  if (disagreement === null || expression.kind !== "call") return disagreement;
  for (const arg of expression.args) {
    const inner = smallest(arg, input, seed);
    if (inner !== null) return inner;
  }
  return disagreement;
}

function compare(expression: TypedExpression, input: readonly RandomBatch[], seed: number): Disagreement | null {
  const kernel = compileKernel(expression);
  const predicate = expression.type.kind === "boolean" ? compilePredicate(expression) : null;
  for (const { batch, rows } of input) {
    const live = batch.selection === null ? rows.map((_, i) => i) : [...batch.selection.subarray(0, batch.selected)];
    const expected = live.map((i) => evaluateExpression(expression, rows[i]));
    const column = kernel(batch);
    for (const [j, i] of live.entries()) {
      const actual = valueAt(column, i);
      if (!same(actual, expected[j])) return { seed, expression, row: rows[i], expected: expected[j], actual };
    }
    if (predicate === null) continue;
    const into = new Int32Array(batch.length);
    const found = [...into.subarray(0, predicate(batch, into))];
    const sought = live.filter((_, j) => expected[j] === true);
    if (JSON.stringify(found) !== JSON.stringify(sought)) return { seed, expression, row: [], expected: sought, actual: found };
  }
  return null;
}

function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  return typeof a === "object" && typeof b === "object" && a !== null && b !== null && JSON.stringify(a) === JSON.stringify(b);
}
