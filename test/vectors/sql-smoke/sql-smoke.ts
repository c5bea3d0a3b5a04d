import { hasMembers, multisetProblem, type Vector, type VectorSuite } from "../suite.ts";
import { pick, type Row } from "../windows/window-run.ts";
import { type JoinSpec, lowerJoin } from "./lower-join.ts";
import { lowerQuery, lowerUpdating, type QuerySpec } from "./lower-query.ts";
import { PipelineSketch, type Stream } from "./pipeline-sketch.ts";
import { disorderOf, type InputRecord, readInput } from "./smoke-input.ts";

type Spec =
  | QuerySpec
  | { readonly join: JoinSpec; readonly output: readonly string[] }
  | { readonly inner: string; readonly outer: string; readonly output?: readonly string[] };

interface SmokeVector extends Vector {
  readonly spec: Spec;
  readonly input: string;
  readonly expectedMode: "append" | "finalTable";
  readonly expected: readonly Row[];
}

/** Queries of Arroyo over files, each as a whole pipeline of nodes that runs from a source to a sink. */
export const sqlSmoke: VectorSuite<SmokeVector> = {
  name: "queries over files",
  matches: (vector) => hasMembers(vector, ["spec", "input", "expected"]),
  differences: [],
  check,
};

async function check(vector: SmokeVector, folder: string): Promise<string | null> {
  const records = readInput(folder, vector.input);
  const sketch = new PipelineSketch();
  const rows = await sketch.run(lower(sketch, vector.spec, records), records);
  const names = Object.keys(vector.expected.at(0) ?? {});
  const renames = renamesOf(vector.spec.output ?? []);
  return multisetProblem(
    "rows",
    (vector.expectedMode === "finalTable" ? finalTable(rows) : rows).map((row) => pick(renamed(row, renames), names)),
    vector.expected,
  );
}

function lower(sketch: PipelineSketch, spec: Spec, records: readonly InputRecord[]): Stream {
  if ("join" in spec) return lowerJoin(sketch, spec.join, records);
  if ("inner" in spec) {
    const inner = lowerUpdating(sketch, spec.inner, sketch.source(records, disorderOf(records)));
    return lowerUpdating(sketch, spec.outer, inner);
  }
  const isTight = spec.watermark !== undefined && /no delay/.test(spec.watermark);
  return lowerQuery(sketch, spec, sketch.source(records, isTight ? 0 : disorderOf(records)));
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

/** What output columns are made of, by name: `left window start as hour`, `left_counter`. */
function renamesOf(output: readonly string[]): ReadonlyMap<string, string> {
  const renames = new Map<string, string>();
  for (const item of output) {
    const [, from, as = from] = /^(.+?)(?: as (\w+))?$/i.exec(item) ?? ["", item];
    renames.set(as, fieldOf(from));
  }
  return renames;
}

/** The field that a vector means by a name. */
function fieldOf(name: string): string {
  const words = name.replace(/^(left|right)[ ._]/i, (side) => (/^right/i.test(side) ? "right_" : ""));
  if (/^(window )?start$/i.test(words)) return "window_start";
  if (/^(window )?end$/i.test(words)) return "window_end";
  return words;
}

/** A row under the names of the output; the name itself where there is a field of that name. */
function renamed(row: Row, renames: ReadonlyMap<string, string>): Row {
  return { ...row, ...Object.fromEntries([...renames].map(([as, from]) => [as, Object.hasOwn(row, as) ? row[as] : row[from]])) };
}
