import type { Batch } from "../../column/batch.ts";
import type { StringColumn } from "../../column/column.ts";
import { columnKind } from "../../column/column.ts";
import { Dictionary } from "../../column/dictionary.ts";
import type { FieldType } from "../../types/field-type.ts";
import type { Kernel, Predicate } from "../kernel.ts";
import { liveRows } from "./live-rows.ts";
import { BooleanOutput, maxOwnedStrings, NumberOutput, ObjectOutput, type OutputColumn, StringOutput } from "./output-column.ts";

/** A function of one string (or of NULL, when it sees NULLs). */
type OfString = (text: string | null) => unknown;

/** Results by dictionary id. `state`: 0 = not computed yet, 1 = there is a value, 2 = NULL. */
interface Results<V> {
  state: Uint8Array;
  values: V;
}

/** Numbers, booleans (0 or 1) and ids of strings are kept in typed arrays. */
type ResultArray = Float64Array | Uint8Array | Int32Array | unknown[];

/**
 * A kernel that computes a function once for each distinct string of a dictionary and then looks results up by
 * id. `propagate`: NULL gives NULL; otherwise the function is asked what NULL gives.
 */
export function dictionaryMap(type: FieldType, argument: Kernel, evaluate: OfString, propagate: boolean): Kernel {
  switch (columnKind(type)) {
    case "number":
      return mapToNumbers(argument, evaluate, propagate);
    case "boolean":
      return mapToBooleans(argument, evaluate, propagate);
    case "string":
      return mapToStrings(argument, evaluate, propagate);
    case "object":
      return mapToObjects(argument, evaluate, propagate);
  }
}

/** Keeps the results of every dictionary that is alive. */
class ResultCache<V extends ResultArray> {
  readonly #make: (size: number, old: V | null) => V;
  #all = new WeakMap<Dictionary, Results<V>>();
  #last: Dictionary | null = null;
  #lastResults: Results<V> | null = null;

  constructor(make: (size: number, old: V | null) => V) {
    this.#make = make;
  }

  /** Results with room for every string that the dictionary holds now. */
  for(dictionary: Dictionary): Results<V> {
    let results = this.#last === dictionary && this.#lastResults !== null ? this.#lastResults : this.#all.get(dictionary);
    if (results === undefined) {
      results = { state: new Uint8Array(0), values: this.#make(0, null) };
      // The producer need not look which strings are equal: those that hardly repeat are hardly computed twice.
      this.#all.set(dictionary, results);
    }
    if (results.state.length < dictionary.size) {
      const size = Math.max(64, dictionary.size * 2);
      const state = new Uint8Array(size);
      state.set(results.state);
      results.state = state;
      results.values = this.#make(size, results.values);
    }
    this.#last = dictionary;
    this.#lastResults = results;
    return results;
  }

  clear(): void {
    this.#all = new WeakMap();
    this.#last = null;
    this.#lastResults = null;
  }
}

/** Runs `known(i, id)` for each live row with a string, computing results that are missing, and sets the others NULL. */
function mapRows<V extends ResultArray>(
  batch: Batch,
  column: StringColumn,
  output: OutputColumn,
  results: Results<V>,
  compute: (id: number, text: string) => void,
  take: (i: number, id: number) => void,
  nullResult: unknown,
): void {
  const { ids, valid, dictionary } = column;
  const { state } = results;
  const rows = liveRows(batch);
  for (let j = 0; j < batch.selected; j++) {
    const i = rows[j];
    if (valid !== null && valid[i] === 0) {
      output.set(i, nullResult);
      continue;
    }
    const id = ids[i];
    if (state[id] === 0) compute(id, dictionary.text(id));
    if (state[id] === 1) take(i, id);
    else output.setNull(i);
  }
}

function nullResultOf(evaluate: OfString, propagate: boolean): unknown {
  return propagate ? null : (evaluate(null) ?? null);
}

function mapToNumbers(argument: Kernel, evaluate: OfString, propagate: boolean): Kernel {
  const output = new NumberOutput();
  const nullResult = nullResultOf(evaluate, propagate);
  const cache = new ResultCache((size, old: Float64Array | null) => {
    const values = new Float64Array(size);
    if (old !== null) values.set(old);
    return values;
  });
  return (batch) => {
    const column = argument(batch);
    output.begin(batch.length);
    if (column.kind !== "string") return output.column();
    const results = cache.for(column.dictionary);
    const { state, values } = results;
    const compute = (id: number, text: string): void => {
      const value = evaluate(text);
      state[id] = typeof value === "number" ? 1 : 2;
      if (typeof value === "number") values[id] = value;
    };
    const into = output.values;
    const take = (i: number, id: number): void => {
      into[i] = values[id];
    };
    mapRows(batch, column, output, results, compute, take, nullResult);
    return output.column();
  };
}

function booleanCache(): ResultCache<Uint8Array> {
  return new ResultCache((size, old: Uint8Array | null) => {
    const values = new Uint8Array(size);
    if (old !== null) values.set(old);
    return values;
  });
}

function computeBoolean(results: Results<Uint8Array>, id: number, value: unknown): void {
  results.state[id] = typeof value === "boolean" ? 1 : 2;
  results.values[id] = value === true ? 1 : 0;
}

function mapToBooleans(argument: Kernel, evaluate: OfString, propagate: boolean): Kernel {
  const output = new BooleanOutput();
  const nullResult = nullResultOf(evaluate, propagate);
  const cache = booleanCache();
  return (batch) => {
    const column = argument(batch);
    output.begin(batch.length);
    if (column.kind !== "string") return output.column();
    const results = cache.for(column.dictionary);
    const { values } = results;
    const into = output.values;
    const take = (i: number, id: number): void => {
      into[i] = values[id];
    };
    mapRows(batch, column, output, results, (id, text) => computeBoolean(results, id, evaluate(text)), take, nullResult);
    return output.column();
  };
}

/** The rows for which a function of one string is TRUE, computed once for each distinct string. */
export function dictionaryPredicate(argument: Kernel, evaluate: OfString, propagate: boolean): Predicate {
  const takeNull = nullResultOf(evaluate, propagate) === true;
  const cache = booleanCache();
  return (batch, into) => {
    const column = argument(batch);
    if (column.kind !== "string") return 0;
    const { ids, valid, dictionary } = column;
    const results = cache.for(dictionary);
    const { state, values } = results;
    const rows = liveRows(batch);
    let k = 0;
    for (let j = 0; j < batch.selected; j++) {
      const i = rows[j];
      if (valid !== null && valid[i] === 0) {
        if (takeNull) into[k++] = i;
        continue;
      }
      const id = ids[i];
      if (state[id] === 0) computeBoolean(results, id, evaluate(dictionary.text(id)));
      into[k] = i;
      k += values[id];
    }
    return k;
  };
}

function mapToStrings(argument: Kernel, evaluate: OfString, propagate: boolean): Kernel {
  const output = new StringOutput();
  const nullResult = nullResultOf(evaluate, propagate);
  let owned = output.dictionary;
  /** Of arguments that hardly repeat: as they come, not looked up. */
  let each = new Dictionary(null, false);
  const cache = new ResultCache((size, old: Int32Array | null) => {
    const values = new Int32Array(size);
    if (old !== null) values.set(old);
    return values;
  });
  return (batch) => {
    const column = argument(batch);
    output.begin(batch.length);
    if (column.kind !== "string") return output.column();
    if (!column.dictionary.distinct) {
      if (each.size > maxOwnedStrings) each = new Dictionary(null, false);
      mapEach(batch, column, output, evaluate, nullResult, each);
      return { ...output.column(), dictionary: each };
    }
    if (owned !== output.dictionary) cache.clear();
    owned = output.dictionary;
    const results = cache.for(column.dictionary);
    const { state, values } = results;
    const compute = (id: number, text: string): void => {
      const value = evaluate(text);
      state[id] = typeof value === "string" ? 1 : 2;
      if (typeof value === "string") values[id] = owned.intern(value);
    };
    const into = output.ids;
    const take = (i: number, id: number): void => {
      into[i] = values[id];
    };
    mapRows(batch, column, output, results, compute, take, nullResult);
    return output.column();
  };
}

/** Computes the string of each live row for itself, into `dictionary`. */
function mapEach(
  batch: Batch,
  column: StringColumn,
  output: StringOutput,
  evaluate: OfString,
  nullResult: unknown,
  dictionary: Dictionary,
): void {
  const rows = liveRows(batch);
  for (let j = 0; j < batch.selected; j++) {
    const i = rows[j];
    const isNull = column.valid !== null && column.valid[i] === 0;
    const value = isNull ? nullResult : evaluate(column.dictionary.text(column.ids[i]));
    if (typeof value === "string") output.ids[i] = dictionary.append(value);
    else output.setNull(i);
  }
}

function mapToObjects(argument: Kernel, evaluate: OfString, propagate: boolean): Kernel {
  const output = new ObjectOutput();
  const nullResult = nullResultOf(evaluate, propagate);
  return (batch) => {
    const column = argument(batch);
    output.begin(batch.length);
    if (column.kind !== "string") return output.column();
    const rows = liveRows(batch);
    for (let j = 0; j < batch.selected; j++) {
      const i = rows[j];
      const isNull = column.valid !== null && column.valid[i] === 0;
      output.set(i, isNull ? nullResult : evaluate(column.dictionary.text(column.ids[i])));
    }
    return output.column();
  };
}
