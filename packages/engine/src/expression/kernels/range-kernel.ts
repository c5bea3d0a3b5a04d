import type { TypedExpression } from "../typed-expression.ts";
import { dictionaryPredicate } from "./dictionary-map.ts";
import type { KernelBuilder, PredicateBuilder } from "./kernel-builder.ts";
import { liveRows } from "./live-rows.ts";
import { markRange, selectRange } from "./number-comparison.ts";
import { BooleanOutput } from "./output-column.ts";

interface NumberBounds {
  readonly least: number;
  readonly most: number;
  readonly inside: boolean;
}

function boundsOf([, low, high]: readonly TypedExpression[]): NumberBounds | null {
  if (low.kind !== "literal" || high.kind !== "literal") return null;
  if (typeof low.value !== "number" || typeof high.value !== "number") return null;
  return { least: low.value, most: high.value, inside: true };
}

/** `number BETWEEN constant AND constant`. */
export const betweenKernel: KernelBuilder = (call, compiler) => {
  const bounds = boundsOf(call.args);
  if (bounds === null) return null;
  const kernel = compiler.kernel(call.args[0]);
  const output = new BooleanOutput();
  return (batch) => {
    const column = kernel(batch);
    output.begin(batch.length);
    if (column.kind !== "number") return output.column();
    markRange(batch, column.values, bounds, output.values);
    return { kind: "boolean", values: output.values, valid: column.valid };
  };
};

export const betweenPredicate: PredicateBuilder = (call, compiler) => {
  const bounds = boundsOf(call.args);
  if (bounds === null) return null;
  const kernel = compiler.kernel(call.args[0]);
  return (batch, into) => {
    const column = kernel(batch);
    return column.kind === "number" ? selectRange(batch, column, bounds, into) : 0;
  };
};

/** The constants of an IN list without NULL; null when some element is no constant or NULL. */
function constantsOf(args: readonly TypedExpression[]): ReadonlySet<unknown> | null {
  const constants = new Set<unknown>();
  for (const arg of args.slice(1)) {
    if (arg.kind !== "literal" || arg.value === null) return null;
    constants.add(arg.value);
  }
  return constants;
}

/** `string IN (constants)`: membership is found once for each distinct string, rows look it up by id. */
export const inPredicate: PredicateBuilder = (call, compiler) => {
  const constants = constantsOf(call.args);
  if (constants === null) return null;
  const kernel = compiler.kernel(call.args[0]);
  const { kind } = call.args[0].type;
  if (kind === "boolean" || kind === "null") return null;
  if (kind === "string") return dictionaryPredicate(kernel, (text) => constants.has(text), true);
  return (batch, into) => {
    const column = kernel(batch);
    if (column.kind !== "number") return 0;
    const { values, valid } = column;
    const rows = liveRows(batch);
    let k = 0;
    for (let j = 0; j < batch.selected; j++) {
      const i = rows[j];
      into[k] = i;
      k += (valid === null || valid[i] !== 0) && constants.has(values[i]) ? 1 : 0;
    }
    return k;
  };
};
