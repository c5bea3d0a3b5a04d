import type { TypedCall } from "../functions/function-definition.ts";
import type { Kernel, Predicate } from "../kernel.ts";
import type { TypedExpression } from "../typed-expression.ts";

/** Compiles the arguments of a call. */
export interface Compiler {
  kernel(expression: TypedExpression): Kernel;
  /** Unlike predicates for callers, one made here may be given the batch's own selection as `into`. */
  predicate(expression: TypedExpression): Predicate;
}

/** Builds the kernel of a call; null when it has nothing faster for these arguments. */
export type KernelBuilder = (call: TypedCall, compiler: Compiler) => Kernel | null;

/** Builds the predicate of a call; null when it has nothing faster for these arguments. */
export type PredicateBuilder = (call: TypedCall, compiler: Compiler) => Predicate | null;
