import { expect, test } from "vitest";
import { countingPlan } from "../dataflow/counting-plan.fixture.ts";
import { keyedHost, keyedOperators } from "../dataflow/keyed-hosts.fixture.ts";
import { spillingCases } from "../dataflow/spilling-cases.fixture.ts";
import { handDriven } from "../testing/plan-step.ts";
import { canSpill, explainState } from "./explain-state.ts";

test("says of every step with state where it is", () => {
  const plan = countingPlan();
  const [source, window] = plan.steps;
  const dedup = { ...window, id: "once:deduplicate", operator: keyedOperators.deduplicate };
  const both = { ...plan, steps: [source, dedup, window] };
  expect(explainState(both, "memory")).toBe("state in memory: once:deduplicate, counts:window-aggregate\n");
  expect(explainState(both, "disk")).toBe("state on disk when it grows: once:deduplicate, counts:window-aggregate\n");
  const beside = { op: "assign-windows", input: handDriven, keyBy: [], window: { kind: "tumbling", sizeMs: 5, offsetMs: 0 } } as const;
  expect(explainState({ ...plan, steps: [source, { ...window, operator: beside }] }, "disk")).toBe("state none\n");
  expect(explainState({ ...plan, steps: [source] }, "disk")).toBe("state none\n");
});

test.each(Object.entries(keyedOperators))("what %s can do is what is said of it", (_, operator) => {
  expect(keyedHost(operator).host.operator.spilling !== undefined).toBe(canSpill(operator));
});

test.each(spillingCases)("$name can leave memory, and are said to", ({ operator }) => {
  expect(canSpill(operator)).toBe(true);
});
