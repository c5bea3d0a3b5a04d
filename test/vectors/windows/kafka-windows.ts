import { endOfTime } from "@millrace/engine";
import { streamOf } from "@millrace/engine/testing";
import { type DifferenceRule, multisetProblem, type Vector, type VectorSuite } from "../suite.ts";
import { pick, type Row, timeField, type VectorAggregate, type VectorWindow, windowRun, withVectorNames } from "./window-run.ts";

interface KafkaVector extends Vector {
  readonly window: VectorWindow & { readonly graceMs?: number };
  readonly keyBy: readonly string[];
  readonly aggregates: readonly VectorAggregate[];
  readonly emit: string;
  /** What comes out at the close of the windows that the end of the input closes counts too. */
  readonly drained?: boolean;
  readonly steps: readonly {
    readonly actions: readonly { readonly record: Row; readonly ts: number }[];
    readonly expected: readonly Row[] | { readonly onUpdate?: readonly Row[]; readonly onWindowClose: readonly Row[] };
  }[];
}

type Step = KafkaVector["steps"][number];

const records = streamOf({ key: { kind: "string" }, value: { kind: "string" } });
const counts: readonly VectorAggregate[] = [{ fn: "count", as: "value" }];

const differences: readonly DifferenceRule<KafkaVector>[] = [
  {
    name: "results come when time has passed",
    why: "a window gives no row for each record that changes it; what it holds in the end, as a count, agrees",
    applies: ({ emit, steps }) => emit.startsWith("onWindowUpdate") || steps.some(({ expected }) => "onUpdate" in expected),
    agreed: (vector) =>
      vector.emit.startsWith("onWindowUpdate")
        ? { ...vector, emit: "onWindowClose", drained: true, aggregates: counts, steps: vector.steps.map(finalCounts) }
        : { ...vector, steps: vector.steps.map(onClose) },
  },
  {
    name: "no folds",
    why: "aggregates are a closed list, without folds of one's own; counts over the same windows agree",
    applies: ({ aggregates }) => aggregates.some(({ fn }) => fn.startsWith("fold")),
    agreed: (vector) => ({ ...vector, aggregates: counts, steps: vector.steps.map(finalCounts) }),
  },
];

/** Windows of Kafka Streams. Its stream time `s` says that windows with `end + grace <= s` are closed: a watermark of `s - 1`. */
export const kafkaWindows: VectorSuite<KafkaVector> = { file: "kafka_windows.json", differences, check };

function check(vector: KafkaVector): string | null {
  if (!vector.emit.startsWith("onWindowClose") && vector.steps.some(({ expected }) => "onUpdate" in expected))
    return "every update comes out";
  const { window, keyBy, aggregates } = vector;
  const harness = windowRun({ window, keyBy, aggregates, allowedLatenessMs: window.graceMs ?? 0, output: "append" }, records);
  let streamMs = Number.NEGATIVE_INFINITY;
  for (const { record, ts } of vector.steps.flatMap((step) => step.actions)) {
    harness.send([{ ...record, [timeField]: ts }]);
    streamMs = Math.max(streamMs, ts);
    harness.watermark(streamMs - 1);
  }
  if (vector.drained === true) harness.watermark(endOfTime);
  const expected = vector.steps.flatMap((step) => ("onWindowClose" in step.expected ? step.expected.onWindowClose : step.expected));
  const names = Object.keys(expected.at(0) ?? {}).filter((name) => name !== "ts");
  const rows = harness.fields().map(withVectorNames);
  // Kafka has no windows that begin before the epoch.
  const known = rows.filter(({ windowStart }) => Number(windowStart) >= 0);
  return multisetProblem(
    "rows",
    known.map((row) => pick(row, names)),
    expected.map((row) => pick(row, names)),
  );
}

function onClose(step: Step): Step {
  return "onWindowClose" in step.expected ? { ...step, expected: { onWindowClose: step.expected.onWindowClose } } : step;
}

/** The last row of each window, with how many values were folded into it. */
function finalCounts(step: Step): Step {
  if ("onWindowClose" in step.expected) return step;
  const last = new Map<string, Row>();
  for (const { value, ...row } of step.expected) {
    const names = pick(row, ["key", "windowStart", "windowEnd"]);
    last.set(JSON.stringify(names), { ...names, value: String(value).split("+").length - 1 });
  }
  return { ...step, expected: [...last.values()] };
}
