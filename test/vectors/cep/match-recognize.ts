import {
  checkPatternExpression,
  type Field,
  mapOperator,
  outputOf,
  type PlanInput,
  type PlannedOperator,
  readMatchRecognize,
  type StreamType,
  type TypedExpression,
} from "@millrace/engine";
import { compiledHarness, type HarnessRecord, handDriven } from "@millrace/engine/testing";
import { catalogue } from "@millrace/nodes";
import { hasMembers, multisetProblem, sequenceProblem, type VectorSuite } from "../suite.ts";
import { pick, type Row } from "../windows/window-run.ts";
import { type ClauseVector, clauseSteps, clauseText } from "./clause-vector.ts";

/** All that has come is looked at; a match that an earlier partial one holds back goes on waiting, as in Flink, where no end of input ends it. */
const lastTime = Number.MAX_SAFE_INTEGER;

/** The member of a record that carries its time beside its fields. */
const timeField = "@time";

/** MATCH_RECOGNIZE of SQL: the clause is read into the parameters of an event pattern, whose operator runs over the rows. */
export const matchRecognize: VectorSuite<ClauseVector> = {
  name: "clauses of MATCH_RECOGNIZE",
  matches: (vector) => hasMembers(vector, ["matchRecognize", "input", "expected"]),
  differences: [],
  check,
};

function check(vector: ClauseVector): string | null {
  const steps = clauseSteps(vector);
  const input = streamOf(steps.flatMap((step) => ("row" in step ? [step.row] : [])));
  const harness = compiledHarness(operatorOf(clauseText(vector), input), [input], {
    timeOf: (record: HarnessRecord) => Number(record[timeField]),
  });
  for (const step of steps) {
    if ("row" in step) harness.send([{ ...step.row, [timeField]: step.timeMs }]);
    else harness.watermark(step.watermark === "MAX" ? lastTime : step.watermark);
  }
  harness.watermark(lastTime);
  const names = [...new Set([...(vector.matchRecognize.partitionBy ?? []), ...Object.keys(vector.matchRecognize.measures)])];
  const found = harness.fields().map((fields) => pick(fields, names));
  const expected = vector.expected.map((row) => pick(row, names));
  return vector.ordered === true ? sequenceProblem("rows", found, expected) : multisetProblem("rows", found, expected);
}

/** The operator that the node of the palette gives for a clause. Throws with what is wrong with it. */
function operatorOf(text: string, input: StreamType): PlannedOperator {
  const read = readMatchRecognize(text, null);
  if (!read.ok) throw new Error(wordsOf(read.diagnostics));
  const node = catalogue.definitions.find(({ type }) => type === "event-pattern");
  if (node === undefined) throw new Error("there is no event pattern on the palette");
  const lowered = node.lower({
    params: node.params.parse(read.value),
    inputs: { in: outputOf({ op: "union", inputs: [] }) },
    inputLists: {},
    inputTypes: { in: input },
  }).out;
  if (!("operator" in lowered)) throw new Error("an event pattern is an operator");
  return mapOperator(
    lowered.operator,
    (expression, { stages = [], expected }): TypedExpression => {
      const typed = checkPatternExpression(expression, input.fields, stages, {}, expected);
      if (!typed.ok) throw new Error(`${expression}: ${wordsOf(typed.diagnostics)}`);
      return typed.value;
    },
    (): PlanInput => handDriven,
  );
}

/** The stream of these rows: each field has the type of its values. */
function streamOf(rows: readonly Row[]): StreamType {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const fields = names.map((name): Field => {
    const values = rows.map((row) => row[name]).filter((value) => value !== null && value !== undefined);
    const whole = values.every((value) => Number.isInteger(value)) && values.length > 0;
    const kind = whole ? "bigint" : typeof values[0] === "number" ? "double" : typeof values[0] === "boolean" ? "boolean" : "string";
    return { name, type: { kind } };
  });
  return { fields, time: "event", timeField: null, changelog: "append", key: [] };
}

function wordsOf(diagnostics: readonly { readonly message: string }[]): string {
  return diagnostics.map(({ message }) => message).join("\n");
}
