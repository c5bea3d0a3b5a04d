import type { Operator } from "../../dataflow/operator.ts";
import type { JoinKey, JoinOperator } from "../../plan/join-operator.ts";
import { joinTypes } from "../../plan/join-type.ts";
import type { PlanInput } from "../../plan/logical-operator.ts";
import type { PlanStep } from "../../plan/logical-plan.ts";
import { type HarnessOptions, OperatorHarness } from "../../testing/operator-harness.ts";
import { handDriven, planStepOf, streamOf } from "../../testing/plan-step.ts";
import { bigintType, booleanType, stringType, timestampType } from "../../types/field-type.ts";
import type { StreamType } from "../../types/stream-type.ts";
import { createIntervalJoinOperator } from "../interval-join-operator.ts";
import { createRegularJoinOperator } from "../regular-join-operator.ts";
import { createSnapshotJoinOperator } from "../snapshot-join-operator.ts";
import { createTemporalJoinOperator } from "../temporal-join-operator.ts";
import { createWindowJoinOperator } from "../window-join-operator.ts";

/** The two streams that tests of joins join; `at` and `n` are names of both. */
export const orders = streamOf({ at: timestampType, who: stringType, n: bigintType, id: bigintType }, "at");
export const payments = streamOf({ at: timestampType, payer: stringType, n: bigintType, paid: booleanType, ref: bigintType }, "at");

export interface Order {
  readonly at: number;
  readonly who: string | null;
  readonly n: number | null;
  readonly id: number;
}

export interface Payment {
  readonly at: number;
  readonly payer: string | null;
  readonly n: number | null;
  readonly paid: boolean | null;
  readonly ref: number;
}

export const byName: readonly JoinKey[] = [{ left: "who", right: "payer" }];
export const byNameAndNumber: readonly JoinKey[] = [...byName, { left: "n", right: "n" }];

export function order(at: number, id: number, who: string | null = "a", n: number | null = 0): Order & Record<string, unknown> {
  return { at, who, n, id };
}

export function payment(at: number, ref: number, payer: string | null = "a", n: number | null = 0): Payment & Record<string, unknown> {
  return { at, payer, n, paid: null, ref };
}

/** A join as a test writes it: without its inputs. */
export type JoinCase = DistributiveOmit<JoinOperator<PlanInput>, "left" | "right" | "rightPrefix">;
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** A harness around a join of `orders` and `payments`. */
export function joinHarness(
  of: JoinCase,
  options: Partial<HarnessOptions> = {},
  inputs: readonly [StreamType, StreamType] = [orders, payments],
): OperatorHarness {
  const operator = { ...of, left: handDriven, right: handDriven, rightPrefix: "right_" };
  const step = planStepOf(operator, inputs, joinTypes(operator, ...inputs));
  return new OperatorHarness({ create: () => createJoin(operator, step), inputs, outputs: step.outputs, ...options });
}

function createJoin(operator: JoinOperator<PlanInput>, step: PlanStep): Operator {
  switch (operator.op) {
    case "interval-join":
      return createIntervalJoinOperator(operator, step);
    case "window-join":
      return createWindowJoinOperator(operator, step);
    case "temporal-join":
      return createTemporalJoinOperator(operator, step);
    case "snapshot-join":
      return createSnapshotJoinOperator(operator, step);
    case "regular-join":
      return createRegularJoinOperator(operator, step);
  }
}
