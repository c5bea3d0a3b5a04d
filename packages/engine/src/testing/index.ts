/** What tests of operators need; `@millrace/engine/testing`. */
export * from "./operator-harness.ts";
export * from "./plan-step.ts";
export * from "./simulated-clock.ts";
