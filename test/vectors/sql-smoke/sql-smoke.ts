import { sessionsTakeTheirGap } from "../differences.ts";
import { type DifferenceRule, hasMembers, multisetProblem, type Vector, type VectorSuite } from "../suite.ts";
import { pick, type Row } from "../windows/window-run.ts";
import { type JoinSpec, lowerJoin } from "./lower-join.ts";
import { lowerQuery, type QuerySpec } from "./lower-query.ts";
import { isWindowEnd, sourcesOf, withOutputNames } from "./output-names.ts";
import { PipelineSketch, type Stream } from "./pipeline-sketch.ts";
import { lowerPart, lowerWords } from "./query-words.ts";
import { disorderOf, type InputRecord, readInput } from "./smoke-input.ts";
import { delayOf } from "./sql-text.ts";

type Spec =
  | QuerySpec
  | { readonly join: JoinSpec; readonly output: readonly string[] }
  | { readonly union: readonly string[]; readonly output?: readonly string[] }
  | { readonly inner: string | QuerySpec; readonly outer: string | QuerySpec; readonly output?: readonly string[] };

interface SmokeVector extends Vector {
  readonly spec: Spec;
  readonly input: string;
  readonly expectedMode: "append" | "finalTable";
  readonly expected: readonly Row[];
}

/** All that a spec may say; what is not read is a remark. */
const members: ReadonlySet<string> = new Set(
  "window keyBy groupBy where filter having aggregates watermark then output join union inner outer updating inputInOrder note".split(" "),
);

const differences: readonly DifferenceRule<SmokeVector>[] = [
  {
    ...sessionsTakeTheirGap,
    applies: ({ spec }) => "window" in spec && spec.window?.kind === "session",
    agreed: (vector) => {
      const { spec } = vector;
      if (!("window" in spec) || spec.window?.kind !== "session") return vector;
      const ends = ["end", ...[...sourcesOf(spec.output ?? [])].filter(([, source]) => isWindowEnd(source)).map(([as]) => as)];
      const earlier = (row: Row): Row =>
        Object.fromEntries(Object.entries(row).map(([name, value]) => [name, ends.includes(name) ? Number(value) - 1 : value]));
      return {
        ...vector,
        spec: { ...spec, window: { ...spec.window, gapMs: spec.window.gapMs - 1 } },
        expected: vector.expected.map(earlier),
      };
    },
  },
];

/** Queries of Arroyo over files, each as a whole pipeline of nodes that runs from a source to a sink. */
export const sqlSmoke: VectorSuite<SmokeVector> = {
  name: "queries over files",
  matches: (vector) => hasMembers(vector, ["spec", "input", "expected"]),
  differences,
  check,
};

async function check(vector: SmokeVector, folder: string): Promise<string | null> {
  const unknown = Object.keys(vector.spec).filter((name) => !members.has(name));
  if (unknown.length > 0) return `nobody knows what ${unknown.join(", ")} of the spec means`;
  const records = readInput(folder, vector.input);
  const sketch = new PipelineSketch();
  const rows = await sketch.run(lower(sketch, vector.spec, records), records);
  const names = Object.keys(vector.expected.at(0) ?? {});
  // Records come out under the names of the output already.
  const sources = sourcesOf(isProjection(vector.spec) ? [] : (vector.spec.output ?? []));
  return multisetProblem(
    "rows",
    (vector.expectedMode === "finalTable" ? finalTable(rows) : rows).map((row) => rounded(pick(withOutputNames(row, sources), names))),
    vector.expected.map(rounded),
  );
}

function isProjection(spec: Spec): boolean {
  const isQuery = !("join" in spec) && !("union" in spec) && !("inner" in spec);
  return isQuery && (spec.aggregates ?? []).length === 0;
}

/** Doubles as far as they are alike however they were added up. */
function rounded(row: Row): Row {
  const round = (value: unknown): unknown => (typeof value === "number" ? Number(value.toPrecision(14)) : value);
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, round(value)]));
}

function lower(sketch: PipelineSketch, spec: Spec, records: readonly InputRecord[]): Stream {
  if ("join" in spec) return lowerJoin(sketch, spec.join, records);
  const source = (): Stream => sketch.source(records, disorderOf(records));
  if ("union" in spec) return sketch.union(spec.union.map((text) => lowerPart(sketch, text, source())));
  if ("inner" in spec) return outer(sketch, spec.outer, partOf(sketch, spec.inner, source()));
  return lowerQuery(sketch, spec, spec.watermark === undefined ? source() : sketch.source(records, delayOf(spec.watermark)));
}

function partOf(sketch: PipelineSketch, query: string | QuerySpec, input: Stream): Stream {
  return typeof query === "string" ? lowerWords(sketch, query, input) : lowerQuery(sketch, query, input);
}

/** Without a key of its own a query over results is one over all of them. */
function outer(sketch: PipelineSketch, query: string | QuerySpec, input: Stream): Stream {
  if (typeof query === "string" || [...(query.keyBy ?? []), ...(query.groupBy ?? [])].length > 0) return partOf(sketch, query, input);
  return lowerQuery(sketch, { ...query, groupBy: [{ expr: "1", as: "all" }] }, input);
}

/** What a changelog leaves in the end, as rows. */
function finalTable(rows: readonly Row[]): readonly Row[] {
  const left: Row[] = [];
  for (const { _op: op, ...row } of rows) {
    if (op !== "-U" && op !== "-D") left.push(row);
    else {
      const text = JSON.stringify(row);
      const position = left.findIndex((candidate) => JSON.stringify(candidate) === text);
      if (position < 0) throw new Error(`${text} is taken back, but is not there`);
      left.splice(position, 1);
    }
  }
  return left;
}
