/** What tests of operators need; `@millrace/engine/testing`. */

export { type Disagreement, fuzzExpressions } from "../expression/testing/fuzz-expressions.ts";
export { evaluateExpression } from "../expression/testing/reference-evaluator.ts";
export * from "./compile-operator.ts";
export * from "./operator-harness.ts";
export * from "./plan-step.ts";
export * from "./simulated-clock.ts";
