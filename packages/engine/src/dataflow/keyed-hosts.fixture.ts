import type { Batch } from "../column/batch.ts";
import { createBatchBuilder } from "../column/batch-builder.ts";
import { valueAt } from "../column/column.ts";
import { compilePlan } from "../compile/compile-plan.ts";
import { deriveTypes } from "../plan/derive-type.ts";
import type { PlannedOperator } from "../plan/logical-plan.ts";
import { fieldOf, handDriven, planStepOf, streamOf } from "../testing/plan-step.ts";
import { createSimulatedClock } from "../testing/simulated-clock.ts";
import { bigintType, booleanType, doubleType, stringType, timestampType } from "../types/field-type.ts";
import type { Operator } from "./operator.ts";
import { createWorkTimer, OperatorHost } from "./operator-host.ts";

const stream = streamOf({ at: timestampType, name: stringType, group: bigintType, ok: booleanType, value: doubleType }, "at");
const keyBy = ["name", "group", "ok"];
const value = fieldOf(stream, "value");
const name = fieldOf(stream, "name");
const aggregates = [
  { as: "n", fn: "count", argument: null, filter: null },
  { as: "total", fn: "sum", argument: value, filter: null },
  { as: "mean", fn: "avg", argument: value, filter: null },
  { as: "latest", fn: "last", argument: value, filter: null },
  { as: "greatest", fn: "max", argument: value, filter: null },
  { as: "first_name", fn: "first", argument: name, filter: null },
  { as: "names", fn: "count_distinct", argument: name, filter: null },
] as const;
const window = { op: "window-aggregate", input: handDriven, keyBy, aggregates, allowedLatenessMs: 0, output: "append" } as const;

/** Operators with keyed state, each on the same stream. */
export const keyedOperators: Readonly<Record<string, PlannedOperator>> = {
  tumbling: { ...window, window: { kind: "tumbling", sizeMs: 100, offsetMs: 0 } },
  hopping: { ...window, window: { kind: "hopping", sizeMs: 100, slideMs: 50, offsetMs: 0 } },
  session: { ...window, window: { kind: "session", gapMs: 15, maxDurationMs: null }, allowedLatenessMs: 20, output: "update" },
  deduplicate: { op: "deduplicate", input: handDriven, keyBy, keep: "first", ttlMs: 70 },
};

/** A host around one of them, with what it emits as lines of text. */
export function keyedHost(operator: PlannedOperator): { readonly host: OperatorHost; readonly lines: string[] } {
  const outputs = deriveTypes(operator, [stream], ({ type }) => ({ type, field: null }));
  if (outputs === null) throw new Error("the types cannot be told");
  const step = planStepOf(operator, [stream], outputs);
  const [compiled] = compilePlan({ pipelineId: "test", steps: [step], edges: [] }).steps;
  if (compiled.kind !== "operator") throw new Error(`${operator.op} is no operator`);
  const timer = createWorkTimer(createSimulatedClock());
  const host = new OperatorHost(step, compiled.operator, 1, timer);
  const lines: string[] = [];
  host.connect("out", { host: new OperatorHost(step, collecting(lines), 1, timer), input: 0 });
  return { host, lines };
}

/** Some records around a time, the same for the same time. */
export function keyedBatch(atMs: number): Batch {
  const builder = createBatchBuilder(stream.fields);
  for (let i = 0; i < 40; i++) {
    const at = atMs + ((i * 7) % 23);
    const text = i % 11 === 0 ? null : ["a", "é", "", "\ud800", `name ${(atMs + i) % 5}`][i % 5];
    builder.appendRow([at, text, i % 6 === 0 ? null : i % 4, i % 3 === 0 ? null : i % 2 === 0, i % 7 === 0 ? null : i / 8], at);
  }
  return builder.build();
}

function collecting(lines: string[]): Operator {
  return {
    ports: [],
    onBatch(_input, batch) {
      for (let i = 0; i < batch.selected; i++) {
        const row = batch.selection === null ? i : batch.selection[i];
        const values = batch.columns.map((column) => (column === null ? null : valueAt(column, row)));
        lines.push(`${batch.kinds?.[row] ?? 0} ${JSON.stringify(values)}`);
      }
    },
    onWatermark: (watermark) => watermark,
    snapshot() {},
    restore() {},
    gauges: () => ({ stateKeys: 0, stateBytes: 0, lateRecords: 0, bufferedRecords: 0, counters: {} }),
  };
}
