import { expect, test } from "vitest";
import { createBatchBuilder } from "../column/batch-builder.ts";
import { createLookupJoinOperator } from "../lookup/lookup-join-operator.ts";
import { answerOf, clicks, plain } from "../lookup/testing/lookup-fixture.ts";
import { lookupTypes } from "../plan/join-type.ts";
import { handDriven, planStepOf } from "../testing/plan-step.ts";
import { createSimulatedClock } from "../testing/simulated-clock.ts";
import { createUnionOperator } from "../transform/union-operator.ts";
import { createWorkTimer, OperatorHost } from "./operator-host.ts";

test("an input that goes idle holds the watermark behind a lookup until its records are out", () => {
  const timer = createWorkTimer(createSimulatedClock());
  const lookupStep = planStepOf(plain, [clicks], lookupTypes(plain, clicks));
  const lookup = createLookupJoinOperator(plain, lookupStep);
  const union = { op: "union", inputs: [handDriven, handDriven] } as const;
  const { out } = lookupStep.outputs;
  const unionStep = planStepOf(union, [out, out], { out });
  const from = new OperatorHost(lookupStep, lookup, 1, timer);
  const to = new OperatorHost(unionStep, createUnionOperator(union, unionStep), 2, timer);
  from.connect("out", { host: to, input: 0 });
  const asking = lookup.asking;
  if (asking === undefined) throw new Error("a lookup asks");

  to.receiveWatermark(1, 100);
  const builder = createBatchBuilder(clicks.fields);
  builder.appendRow([5, "ann", "c"], 5);
  from.receive(0, builder.build());
  from.receiveIdle(0);
  expect(to.watermark).toBe(Number.NEGATIVE_INFINITY);

  // It wakes up and falls asleep again without anybody behind the lookup having heard of either.
  from.receiveActive(0);
  from.receiveIdle(0);
  expect(to.watermark).toBe(Number.NEGATIVE_INFINITY);

  from.settle(asking, asking.take(10).map(answerOf), 0);
  expect(to.recordsIn[0]).toBe(1);
  expect(to.watermark).toBe(100);
});
