/** What tests of operators need; `@millrace/engine/testing`. */

export { type DecoderDisagreement, fuzzJsonDecoder } from "../column/testing/fuzz-json-decoder.ts";
export { type Disagreement, fuzzExpressions } from "../expression/testing/fuzz-expressions.ts";
export { RandomSource } from "../expression/testing/random-source.ts";
export { evaluateExpression } from "../expression/testing/reference-evaluator.ts";
export * from "../pattern/testing/single-key-runs.ts";
export * from "./compile-operator.ts";
export * from "./operator-harness.ts";
export * from "./plan-step.ts";
export * from "./simulated-clock.ts";
