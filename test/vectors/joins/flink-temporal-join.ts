import { compiledHarness, type EmittedRow, type HarnessRecord, handDriven, streamOf } from "@millrace/engine/testing";
import { type DifferenceRule, sequenceProblem, type Vector, type VectorSuite } from "../suite.ts";
import { isWatermark, type SideRecord, type SideWatermark, sideIndex, watermarkOf } from "./side-steps.ts";

type Kind = EmittedRow["kind"];

interface VersionRecord extends SideRecord {
  readonly op: Kind;
  readonly row: { readonly key: string; readonly value: string };
}

interface TemporalVector extends Vector {
  readonly join: { readonly mode: "inner" | "left" };
  readonly script: readonly (VersionRecord | SideWatermark)[];
  readonly expected: readonly {
    readonly whenWatermark: number;
    readonly op: Kind;
    readonly left: { readonly ts: number; readonly key: string; readonly value: string };
    readonly right: object | null;
  }[];
}

const rows = streamOf({ ts: { kind: "timestamp" }, key: { kind: "string" }, value: { kind: "string" } }, "ts");
const kinds: readonly string[] = ["+I", "-U", "+U", "-D"];

const differences: readonly DifferenceRule<TemporalVector>[] = [
  {
    name: "late left records go to the late port",
    why: "a left record at or behind the watermark joins nothing, as in later versions of Flink; what is on time agrees",
    applies: ({ script }) => lateLeft(script).size > 0,
    agreed: (vector) => {
      const late = lateLeft(vector.script);
      const lateRows = [...late].map(({ row, ts }) => JSON.stringify([ts, row.key, row.value]));
      return {
        ...vector,
        script: vector.script.filter((step) => isWatermark(step) || !late.has(step)),
        expected: vector.expected.filter(({ left }) => !lateRows.includes(JSON.stringify([left.ts, left.key, left.value]))),
      };
    },
  },
];

/** Event-time temporal table joins of Flink SQL: which version is seen, when rows come out, and of which kind. */
export const flinkTemporalJoin: VectorSuite<TemporalVector> = { file: "flink_temporal_join.json", differences, check };

function check({ join, script, expected }: TemporalVector): string | null {
  const harness = compiledHarness(
    {
      op: "temporal-join",
      kind: join.mode,
      left: handDriven,
      right: handDriven,
      on: [{ left: "key", right: "key" }],
      rightPrefix: "right_",
    },
    [rows, rows],
    { kindOf: (record: HarnessRecord) => Math.max(0, kinds.indexOf(String(record.op))) },
  );
  const actual: object[] = [];
  for (const step of script) {
    if (!isWatermark(step)) harness.send([{ ...step.row, ts: step.ts, op: step.op }], sideIndex(step.side));
    else {
      harness.inputWatermark(sideIndex(step.side), watermarkOf(step));
      for (const row of harness.take()) actual.push(joined(row, harness.forwardedWatermark));
    }
  }
  return sequenceProblem("rows", actual, expected);
}

function joined({ fields, kind }: EmittedRow, whenWatermark: number): object {
  const { ts, key, value, right_ts, right_key, right_value } = fields;
  const right = right_key === null ? null : { ts: right_ts, key: right_key, value: right_value };
  return { whenWatermark, op: kind, left: { ts, key, value }, right };
}

/** The left records whose time is at most the watermark of both sides when they come. */
function lateLeft(script: TemporalVector["script"]): ReadonlySet<VersionRecord> {
  const watermarks = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const late = new Set<VersionRecord>();
  for (const step of script) {
    if (isWatermark(step)) watermarks[sideIndex(step.side)] = watermarkOf(step);
    else if (step.side === "left" && step.ts <= Math.min(...watermarks)) late.add(step);
  }
  return late;
}
