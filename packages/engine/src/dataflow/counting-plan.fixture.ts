import { createBatchBuilder } from "../column/batch-builder.ts";
import type { DeadLetter, SourceConnector } from "../connector/source-port.ts";
import type { LogicalPlan, PlanStep } from "../plan/logical-plan.ts";
import { bigintType, type Field, stringType } from "../types/field-type.ts";
import type { StreamType } from "../types/stream-type.ts";

/** Fields of the rows that are counted. */
export const countedFields: readonly Field[] = [
  { name: "key", type: stringType },
  { name: "n", type: bigintType },
];
const input: StreamType = { fields: countedFields, time: "event", timeField: null, changelog: "append", key: [] };
const counts: StreamType = {
  ...input,
  fields: [
    countedFields[0],
    { name: "window_start", type: bigintType },
    { name: "window_end", type: bigintType },
    { name: "count", type: bigintType },
  ],
};

/** `rows:source` (connector `memory`) → `counts:window-aggregate`, tumbling count per key of `sizeMs` → `result:sink` (`memory`). */
export function countingPlan(sizeMs = 100): LogicalPlan {
  const source: PlanStep = {
    id: "rows:source",
    node: "rows",
    operator: {
      op: "source",
      connector: "memory",
      options: { feed: "rows" },
      format: { kind: "columns" },
      fields: countedFields,
      timeField: null,
      watermark: { kind: "bounded", disorderMs: 0, idleTimeoutMs: null, nullTime: "drop" },
      pace: null,
    },
    inputs: [],
    outputs: { out: input },
    liveFields: { out: [true, true] },
  };
  const window: PlanStep = {
    id: "counts:window-aggregate",
    node: "counts",
    operator: {
      op: "window-aggregate",
      input: { operator: source.id, port: "out" },
      keyBy: ["key"],
      window: { kind: "tumbling", sizeMs, offsetMs: 0 },
      aggregates: [{ as: "count", fn: "count", argument: null, filter: null }],
      allowedLatenessMs: 0,
      output: "append",
    },
    inputs: [input],
    outputs: { out: counts, late: input },
    liveFields: { out: [true, true, true, true], late: [true, true] },
  };
  const sink: PlanStep = {
    id: "result:sink",
    node: "result",
    operator: { op: "sink", input: { operator: window.id, port: "out" }, connector: "memory", options: {}, format: { kind: "json" } },
    inputs: [counts],
    outputs: {},
    liveFields: {},
  };
  return { pipelineId: "p", steps: [source, window, sink], edges: [] };
}

/** One row a poll, `{key: "a", n: i}` at `i * 20` ms, and whatever `lettersOf` gives; a poll takes 20 ms. */
export function createSlowSource(batches: number, lettersOf: (at: number) => readonly DeadLetter[] = () => []): SourceConnector {
  return {
    async open({ position, clock, signal }) {
      let at = typeof position === "number" ? position : 0;
      return {
        async poll() {
          if (at === batches) return { kind: "end" };
          await clock.sleep(20, signal);
          const builder = createBatchBuilder(countedFields, {});
          builder.appendRow(["a", at], at * 20);
          const deadLetters = lettersOf(at++);
          return { kind: "batch", split: "s", batch: builder.build(), deadLetters };
        },
        position: () => at,
        async close() {},
      };
    },
  };
}
