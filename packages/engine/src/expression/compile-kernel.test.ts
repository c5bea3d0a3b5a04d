import { expect, test } from "vitest";
import type { Batch } from "../column/batch.ts";
import type { Column, StringColumn } from "../column/column.ts";
import { valueAt } from "../column/column.ts";
import { Dictionary } from "../column/dictionary.ts";
import type { Field } from "../types/field-type.ts";
import { checkExpression } from "./check-expression.ts";
import { compileKernel, compilePredicate } from "./compile-kernel.ts";
import type { Kernel, Predicate } from "./kernel.ts";
import type { TypedExpression } from "./typed-expression.ts";

const fields: readonly Field[] = [
  { name: "n", type: { kind: "bigint" } },
  { name: "s", type: { kind: "string" } },
  { name: "u", type: { kind: "string" } },
  { name: "t", type: { kind: "timestamp" } },
];

function typed(text: string): TypedExpression {
  const result = checkExpression(text, fields, {});
  if (!result.ok) throw new Error(result.diagnostics[0].message);
  return result.value;
}

function kernelOf(text: string): Kernel {
  return compileKernel(typed(text));
}

function predicateOf(text: string): Predicate {
  return compilePredicate(typed(text));
}

function numbers(values: readonly (number | null)[]): Column {
  const valid = values.includes(null) ? Uint8Array.from(values, (value) => (value === null ? 0 : 1)) : null;
  return { kind: "number", values: Float64Array.from(values, (value) => value ?? Number.NaN), valid };
}

function strings(values: readonly (string | null)[], dictionary = new Dictionary()): StringColumn {
  const valid = values.includes(null) ? Uint8Array.from(values, (value) => (value === null ? 0 : 1)) : null;
  return {
    kind: "string",
    ids: Int32Array.from(values, (value) => (value === null ? 1_000_000 : dictionary.intern(value))),
    dictionary,
    valid,
  };
}

function batchOf(columns: readonly (Column | null)[], length: number, selection: readonly number[] | null = null): Batch {
  return {
    length,
    selection: selection === null ? null : Int32Array.from(selection),
    selected: selection?.length ?? length,
    columns,
    time: new Float64Array(length),
    kinds: null,
  };
}

function values(kernel: Kernel, batch: Batch): readonly unknown[] {
  const column = kernel(batch);
  const rows = batch.selection ?? Int32Array.from({ length: batch.length }, (_, i) => i);
  return [...rows.subarray(0, batch.selected)].map((i) => valueAt(column, i));
}

function rows(predicate: Predicate, batch: Batch): readonly number[] {
  const into = new Int32Array(batch.length);
  return [...into.subarray(0, predicate(batch, into))];
}

test("reads only the columns that the expression names", () => {
  expect(values(kernelOf("n * 2"), batchOf([numbers([1, 2]), null, null, null], 2))).toEqual([2, 4]);
  expect(() => kernelOf("s")(batchOf([numbers([1]), null, null, null], 1))).toThrow("column 1 was pruned but is read");
});

test("output arrays are reused, and grow with the batches", () => {
  const kernel = kernelOf("n + 1");
  const first = kernel(batchOf([numbers([1, 2, 3])], 3));
  const second = kernel(batchOf([numbers([5])], 1));
  expect(second.kind === "number" && first.kind === "number" && second.values === first.values).toBe(true);
  const long = Array.from({ length: 3000 }, (_, i) => i);
  expect(values(kernel, batchOf([numbers(long)], 3000)).at(-1)).toBe(3000);
});

test("a NULL of an earlier batch does not stay", () => {
  const kernel = kernelOf("10 / n");
  expect(values(kernel, batchOf([numbers([0, 5])], 2))).toEqual([null, 2]);
  expect(kernel(batchOf([numbers([1, 5])], 2)).valid).toBe(null);
});

test("a text is compared with a constant by its id, also when the dictionary learns it later", () => {
  const predicate = predicateOf("s = 'late'");
  const dictionary = new Dictionary();
  expect(rows(predicate, batchOf([null, strings(["a", "b"], dictionary)], 2))).toEqual([]);
  expect(rows(predicate, batchOf([null, strings(["late", null, "a"], dictionary)], 3))).toEqual([0]);
  expect(rows(predicate, batchOf([null, strings(["x", "late"])], 2))).toEqual([1]);
});

test("functions of one text are computed once for each distinct text, also in later batches", () => {
  const dictionary = new Dictionary();
  const reads = new Map<number, number>();
  const kernel = kernelOf("UPPER(s) LIKE 'A%'");
  const column = strings(["abc", "xyz", "abc", "abc", "xyz"], dictionary);
  const text = dictionary.text.bind(dictionary);
  // Counts how often each string is looked at.
  dictionary.text = (id) => {
    reads.set(id, (reads.get(id) ?? 0) + 1);
    return text(id);
  };
  for (let k = 0; k < 3; k++) expect(values(kernel, batchOf([null, column], 5))).toEqual([true, false, true, true, false]);
  expect([...reads.values()]).toEqual([1, 1]);
});

test("the kernel's own dictionary is replaced when it has grown too large", () => {
  const kernel = kernelOf("CONCAT(s, u)");
  const mapped = kernelOf("s || '!'");
  const chosen = kernelOf("CASE WHEN n > 0 THEN s ELSE u END");
  const formatted = kernelOf("CAST(n AS STRING)");
  const dated = kernelOf("DATE_FORMAT(t, 'HH:mm:ss.SSS')");
  const dictionaries = new Set<Dictionary>();
  for (let round = 0; round < 140; round++) {
    const texts = Array.from({ length: 1000 }, (_, i) => `k${round * 1000 + i}`);
    const batch = batchOf(
      [
        numbers(texts.map((_, i) => round * 1000 + i)),
        strings(texts),
        strings(texts.map((text) => `u${text}`)),
        numbers(texts.map((_, i) => round * 1000 + i)),
      ],
      1000,
    );
    const column = kernel(batch);
    if (column.kind === "string") dictionaries.add(column.dictionary);
    expect(valueAt(column, 999)).toBe(`${texts[999]}u${texts[999]}`);
    expect(valueAt(mapped(batch), 999)).toBe(`${texts[999]}!`);
    expect(valueAt(chosen(batch), 999)).toBe(texts[999]);
    expect(valueAt(formatted(batch), 999)).toBe(String(round * 1000 + 999));
    expect(valueAt(dated(batch), 999)).toMatch(/\.999$/);
  }
  expect(dictionaries.size).toBe(3);
  for (const dictionary of dictionaries) expect(dictionary.size).toBeLessThanOrEqual(65_536 + 1024);
});

test("AND narrows, OR widens, and rows outside of the selection are never looked at", () => {
  const poisoned: StringColumn = {
    kind: "string",
    ids: Int32Array.from([0, 999, 1, 0, -5]),
    dictionary: strings(["a", "b"]).dictionary,
    valid: null,
  };
  const batch = batchOf([numbers([1, 2, 3, 4, 5]), poisoned], 5, [0, 2, 3]);
  expect(rows(predicateOf("n > 1 AND s LIKE '%a%'"), batch)).toEqual([3]);
  expect(rows(predicateOf("n = 1 OR s = 'b' OR UPPER(s) = 'B'"), batch)).toEqual([0, 2]);
  expect(rows(predicateOf("NOT (n > 1 AND s = 'a')"), batch)).toEqual([0, 2]);
  expect(values(kernelOf("CASE s WHEN 'a' THEN n ELSE -n END"), batch)).toEqual([1, -3, 4]);
});

test("three-valued logic", () => {
  const batch = batchOf([numbers([null, 1, 5])], 3);
  expect(values(kernelOf("n > 2"), batch)).toEqual([null, false, true]);
  expect(values(kernelOf("n > 2 OR TRUE"), batch)).toEqual([true, true, true]);
  expect(values(kernelOf("n > 2 AND NULL"), batch)).toEqual([null, false, null]);
  expect(values(kernelOf("n IN (5, NULL)"), batch)).toEqual([null, null, true]);
  expect(values(kernelOf("n NOT BETWEEN 2 AND NULL"), batch)).toEqual([null, true, null]);
  expect(rows(predicateOf("n <> 5"), batch)).toEqual([1]);
  expect(rows(predicateOf("NOT (n = 5)"), batch)).toEqual([1]);
  expect(rows(predicateOf("n IS DISTINCT FROM 5"), batch)).toEqual([0, 1]);
  expect(rows(predicateOf("(n > 2) IS NOT TRUE"), batch)).toEqual([0, 1]);
});

test("a kernel does not write into what it was given", () => {
  const selection = Int32Array.from([0, 1, 2]);
  const column = numbers([1, 2, 3]);
  const batch: Batch = { ...batchOf([column, strings(["a", "b", "c"])], 3), selection };
  rows(predicateOf("n > 1 AND s <> 'c' OR n = 1"), batch);
  values(kernelOf("COALESCE(NULLIF(n, 2), 7) + ABS(n)"), batch);
  expect([...selection]).toEqual([0, 1, 2]);
  expect(column.kind === "number" && [...column.values]).toEqual([1, 2, 3]);
});

test.each(["SECOND", "MINUTE", "HOUR", "DAY", "WEEK"])(
  "a time that is compared with its own start of a %s is selected as the comparison says",
  (unit) => {
    const starts = [0, 1767225600000, -62135596800000, 4 * 86_400_000, -3 * 86_400_000, 1767225661000, 1767225660000, null];
    const times = starts.flatMap((start) => (start === null ? [null] : [start - 1, start, start + 1]));
    const whole = batchOf([null, null, null, numbers(times)], times.length);
    for (const batch of [whole, batchOf(whole.columns, times.length, [1, 2, 4, 7, times.length - 1])]) {
      for (const text of [`t = FLOOR(t TO ${unit})`, `FLOOR(t TO ${unit}) = t`]) {
        const said = values(kernelOf(text), batch);
        const live = batch.selection === null ? times.map((_, i) => i) : [...batch.selection];
        expect(rows(predicateOf(text), batch)).toEqual(live.filter((_, at) => said[at] === true));
      }
    }
  },
);
