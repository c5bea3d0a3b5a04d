import { compiledHarness, type EmittedRow, type HarnessRecord, handDriven, streamOf } from "@millrace/engine/testing";
import { joinType, sequenceProblem, type Vector, type VectorSuite } from "../suite.ts";
import { isWatermark, type SideRecord, type SideWatermark, sideIndex, watermarkOf } from "./side-steps.ts";

type Kind = EmittedRow["kind"];

interface VersionRecord extends SideRecord {
  readonly op: Kind;
  readonly row: { readonly key: string; readonly value: string };
}

interface TemporalVector extends Vector {
  readonly join: { readonly mode: "inner" | "left" };
  readonly script: readonly (VersionRecord | SideWatermark)[];
  readonly expected: readonly Joined[];
}

interface Joined {
  readonly whenWatermark: number;
  readonly op: Kind;
  readonly left: { readonly ts: number; readonly key: string; readonly value: string };
  readonly right: object | null;
}

const rows = streamOf({ ts: { kind: "timestamp" }, key: { kind: "string" }, value: { kind: "string" } }, "ts");
const kinds: readonly string[] = ["+I", "-U", "+U", "-D"];

/** Left records that come late are joined with what is known of their time. */
const latenessMs = 1000;

/** Event-time temporal table joins of Flink SQL: which version is seen, when rows come out, and of which kind. */
export const flinkTemporalJoin: VectorSuite<TemporalVector> = {
  name: "temporal joins",
  matches: (vector) => joinType(vector) === "temporalRowtime",
  differences: [],
  check,
};

function check({ join, script, expected }: TemporalVector): string | null {
  const harness = compiledHarness(
    {
      op: "temporal-join",
      kind: join.mode,
      left: handDriven,
      right: handDriven,
      on: [{ left: "key", right: "key" }],
      rightPrefix: "right_",
      latenessMs,
    },
    [rows, rows],
    { kindOf: (record: HarnessRecord) => Math.max(0, kinds.indexOf(String(record.op))) },
  );
  const actual: Joined[] = [];
  for (const step of script) {
    if (!isWatermark(step)) harness.send([{ ...step.row, ts: step.ts, op: step.op }], sideIndex(step.side));
    else {
      const before = harness.forwardedWatermark;
      harness.inputWatermark(sideIndex(step.side), watermarkOf(step));
      // What has come out by the next watermark of both sides counts as come with it.
      if (harness.forwardedWatermark === before) continue;
      for (const row of harness.take()) actual.push(joined(row, harness.forwardedWatermark + latenessMs));
    }
  }
  return sequenceProblem("rows", inTurn(actual), inTurn(expected));
}

/** By watermark and key, those of one key as they come: between keys no order is meant. */
function inTurn(rows: readonly Joined[]): readonly Joined[] {
  return rows.toSorted((a, b) => a.whenWatermark - b.whenWatermark || (a.left.key < b.left.key ? -1 : Number(a.left.key > b.left.key)));
}

function joined({ fields, kind }: EmittedRow, whenWatermark: number): Joined {
  const { right_ts, right_key, right_value } = fields;
  const [ts, key, value] = [Number(fields.ts), String(fields.key), String(fields.value)];
  const right = right_key === null ? null : { ts: right_ts, key: right_key, value: right_value };
  return { whenWatermark, op: kind, left: { ts, key, value }, right };
}
