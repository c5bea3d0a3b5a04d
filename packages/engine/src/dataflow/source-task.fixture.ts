import type { Batch } from "../column/batch.ts";
import { valueAt } from "../column/column.ts";
import { createDecoder } from "../column/create-decoder.ts";
import type { DeadLetter, SourceChunk } from "../connector/source-port.ts";
import type { TypedExpression } from "../expression/typed-expression.ts";
import type { Source } from "../plan/logical-operator.ts";
import type { PlanStep } from "../plan/logical-plan.ts";
import { createSimulatedClock } from "../testing/simulated-clock.ts";
import { bigintType, timestampType } from "../types/field-type.ts";
import type { SourceState } from "./driven-source.ts";
import type { Operator } from "./operator.ts";
import { createWorkTimer, OperatorHost } from "./operator-host.ts";
import { SourceTask } from "./source-task.ts";

/** Records `{t, id}` as JSON lines. */
export const source: Source<TypedExpression> = {
  op: "source",
  connector: "lines",
  options: {},
  format: { kind: "json" },
  fields: [
    { name: "t", type: timestampType },
    { name: "id", type: bigintType },
  ],
  timeField: "t",
  watermark: { kind: "bounded", disorderMs: 10, idleTimeoutMs: 1000, nullTime: "drop" },
  pace: null,
};
const step: PlanStep = { id: "s:source", node: "s", operator: source, inputs: [], outputs: {}, liveFields: {} };

/** What came out, in order: record ids, and watermarks as `W…`. */
function recorder(log: string[]): Operator {
  return {
    ports: [],
    onBatch(_input: number, batch: Batch) {
      for (let i = 0; i < batch.selected; i++)
        log.push(String(valueAt(batch.columns[1] ?? { kind: "object", values: [], valid: null }, batch.selection?.[i] ?? i)));
    },
    onWatermark(watermark) {
      log.push(`W${watermark}`);
      return watermark;
    },
    snapshot() {},
    restore() {},
    gauges: () => ({ stateKeys: 0, stateBytes: 0, lateRecords: 0, bufferedRecords: 0, counters: {} }),
  };
}

/**
 * A source task, driven by hand; the clock stands at 5000. `inputs` 2: what comes out meets another input, whose watermark
 * is 500.
 */
export function setUpSource(changes: Partial<Source<TypedExpression>> = {}, state: SourceState | null = null, inputs = 1) {
  const log: string[] = [];
  const letters: DeadLetter[] = [];
  const clock = createSimulatedClock(5000);
  const timer = createWorkTimer(clock);
  const own: Source<TypedExpression> = { ...source, ...changes };
  const ports: Operator = { ...recorder([]), ports: ["out", "dead_letter"] };
  const host = new OperatorHost(step, ports, 0, timer);
  const downstream = new OperatorHost({ ...step, id: "r" }, recorder(log), inputs, timer);
  host.connect("out", { host: downstream, input: 0 });
  if (inputs === 2) downstream.receiveWatermark(1, 500);
  let position = 0;
  const reader = { poll: () => Promise.reject(new Error("driven by hand")), position: () => position, close: async () => {} };
  const decoder = createDecoder(own.format, own.fields, [true, true]);
  const task = new SourceTask({ host, source: own, reader, decoder, clock, onDeadLetters: (more) => letters.push(...more), state });
  const feedTo = (split: string, ...lines: (string | object)[]) => {
    position += lines.length;
    const text = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n");
    const chunk: SourceChunk = { kind: "bytes", split, bytes: new TextEncoder().encode(`${text}\n`), firstLine: 1 };
    task.accept(chunk);
  };
  const feed = (...lines: (string | object)[]) => feedTo("a", ...lines);
  const workAll = () => {
    for (let progress = task.work(); progress.kind === "worked"; progress = task.work());
  };
  return { log, letters, clock, task, feed, feedTo, workAll };
}
