import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createBatchBuilder } from "../column/batch-builder.ts";
import { Dictionary } from "../column/dictionary.ts";
import { booleanType, doubleType, type FieldType, stringType } from "../types/field-type.ts";
import { KeyTable } from "./key-table.ts";
import { openSnapshot, wholeSnapshot } from "./open-snapshot.ts";
import { StringTable } from "./string-table.ts";

function tableOf(types: readonly FieldType[]): KeyTable {
  return new KeyTable(types.map((type, index) => ({ index, type })));
}

/** Assigns ids to keys that come in one batch with a dictionary of its own. */
function assign(table: KeyTable, types: readonly FieldType[], keys: readonly (readonly unknown[])[]): number[] {
  const builder = createBatchBuilder(types.map((type, i) => ({ name: `f${i}`, type })));
  for (const key of keys) builder.appendRow(key, 0);
  const into = new Int32Array(keys.length);
  table.assign(
    builder.build(),
    Int32Array.from(keys, (_, i) => i),
    keys.length,
    into,
  );
  return [...into];
}

function keyOf(table: KeyTable, id: number, fields: number): unknown[] {
  return Array.from({ length: fields }, (_, field) => table.value(id, field));
}

function restored(table: KeyTable, types: readonly FieldType[]): KeyTable {
  const bytes = wholeSnapshot((writer) => table.snapshot(writer));
  const copy = tableOf(types);
  const reader = openSnapshot(bytes);
  copy.restore(reader);
  expect(reader.remaining).toBe(0);
  return copy;
}

describe("key table", () => {
  test("numbers: -0 is 0, NaN is NaN, NULL is neither 0 nor NaN", () => {
    const table = tableOf([doubleType]);
    const [zero, minusZero, nan, otherNan, none, again, fraction] = assign(
      table,
      [doubleType],
      [[0], [-0], [Number.NaN], [0 / 0], [null], [null], [0.5]],
    );
    expect(minusZero).toBe(zero);
    expect(otherNan).toBe(nan);
    expect(again).toBe(none);
    expect(new Set([zero, nan, none, fraction]).size).toBe(4);
    expect(table.size).toBe(4);
    expect(Object.is(table.value(minusZero, 0), 0)).toBe(true);
  });

  test("what is not registered is found nowhere, and finding registers nothing", () => {
    const types = [stringType, doubleType, booleanType];
    const table = tableOf(types);
    const keys = [
      ["a", 1, true],
      ["a", null, null],
      [null, Number.NaN, false],
      ["b", -0, true],
    ];
    const find = (asked: readonly (readonly unknown[])[]): number[] => {
      const builder = createBatchBuilder(types.map((type, i) => ({ name: `f${i}`, type })));
      for (const key of asked) builder.appendRow(key, 0);
      const columns = builder.build().columns.flatMap((column) => (column === null ? [] : [column]));
      const into = new Int32Array(asked.length);
      table.find(
        columns,
        Int32Array.from(asked, (_, i) => i),
        asked.length,
        into,
      );
      return [...into];
    };
    expect(find(keys)).toEqual([-1, -1, -1, -1]);
    const ids = assign(table, types, keys.slice(0, 3));
    expect(find(keys)).toEqual([...ids, -1]);
    expect(
      find([
        ["a", 1, false],
        ["b", 1, true],
        ["a", 2, true],
      ]),
    ).toEqual([-1, -1, -1]);
    expect(table.size).toBe(3);
    table.release(ids[0]);
    expect(find(keys)).toEqual([-1, ids[1], ids[2], -1]);
  });

  test("the string 'null', the empty string and NULL are three keys", () => {
    const table = tableOf([stringType]);
    expect(new Set(assign(table, [stringType], [["null"], [""], [null]])).size).toBe(3);
  });

  test("no fields: one global key, for as long as it is not released", () => {
    const table = tableOf([]);
    expect(table.size).toBe(0);
    expect(assign(table, [], [[], []])).toEqual([0, 0]);
    expect(table.size).toBe(1);
    table.release(0);
    expect(table.size).toBe(0);
  });

  test("a released string is looked up afresh, also in a dictionary that was translated before", () => {
    const table = new StringTable();
    const dictionary = new Dictionary();
    const column = { kind: "string" as const, ids: Int32Array.of(dictionary.intern("a"), dictionary.intern("b")), dictionary, valid: null };
    const ids = (rows: number[]) => {
      const into = new Int32Array(rows.length);
      table.ids(column, Int32Array.from(rows), rows.length, into);
      return [...into];
    };
    const [a, b] = ids([0, 1]);
    table.forget(a);
    table.forget(b);
    // Ids are reused the latest first, so that a stale translation would answer with the other's value.
    const [b2] = ids([1]);
    const [a2] = ids([0]);
    expect([table.value(a2), table.value(b2)]).toEqual(["a", "b"]);
  });

  test("a dictionary that holds a string twice is translated rightly after a release", () => {
    const table = new StringTable();
    const dictionary = new Dictionary();
    dictionary.append("a");
    dictionary.append("a");
    const column = { kind: "string" as const, ids: Int32Array.of(0, 1), dictionary, valid: null };
    const into = new Int32Array(2);
    table.ids(column, Int32Array.of(0, 1), 2, into);
    expect(into[0]).toBe(into[1]);
    table.forget(into[0]);
    const other = new Dictionary();
    table.ids({ kind: "string", ids: Int32Array.of(other.intern("z")), dictionary: other, valid: null }, Int32Array.of(0), 1, into);
    table.ids(column, Int32Array.of(1, 0), 2, into);
    expect([table.value(into[0]), table.value(into[1])]).toEqual(["a", "a"]);
  });

  test("releasing composites frees the values that nothing else uses", () => {
    const types = [stringType, doubleType, booleanType];
    const table = tableOf(types);
    const before = table.bytes;
    for (let round = 0; round < 50; round++) {
      const keys = Array.from({ length: 100 }, (_, i) => [`${round}-${i % 10}`, round * 100 + i, i % 2 === 0]);
      for (const id of new Set(assign(table, types, keys))) table.release(id);
    }
    expect(table.size).toBe(0);
    expect(table.capacity).toBe(100);
    expect(table.bytes).toBeLessThan(before + 50_000);
  });

  const value = [
    fc.constantFrom("a", "b", "1", "", null),
    fc.constantFrom(1, 0, -0, Number.NaN, 1.5, 2 ** 31, -1, null),
    fc.constantFrom(true, false, null),
    fc.constantFrom("x", "y", null),
  ] as const;
  const types = [stringType, doubleType, booleanType, stringType];
  const text = (key: readonly unknown[]) => JSON.stringify(key.map((part) => (typeof part === "number" ? `n${part + 0}` : part)));

  test("assign, release and restore in any order agree with a map of key texts", () => {
    const action = fc.oneof(
      { weight: 4, arbitrary: fc.array(fc.tuple(...value), { minLength: 1, maxLength: 20 }) },
      { weight: 2, arbitrary: fc.nat() },
      { weight: 1, arbitrary: fc.constant("restart" as const) },
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
        let table = tableOf(types);
        const model = new Map<string, number>();
        for (const act of actions) {
          if (act === "restart") table = restored(table, types);
          else if (typeof act === "number") {
            const entry = [...model][act % Math.max(1, model.size)];
            if (entry === undefined) continue;
            table.release(entry[1]);
            model.delete(entry[0]);
          } else {
            assign(table, types, act).forEach((id, i) => {
              const known = model.get(text(act[i]));
              if (known !== undefined) expect(id).toBe(known);
              else expect([...model.values()]).not.toContain(id);
              model.set(text(act[i]), id);
            });
          }
          expect(table.size).toBe(model.size);
          for (const [key, id] of model) expect(text(keyOf(table, id, types.length))).toBe(key);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("many numbers survive growth, churn and restore", () => {
    let table = tableOf([doubleType]);
    const live = new Map<number, number>();
    for (let from = 0; from < 20_000; from += 1000) {
      const keys = Array.from({ length: 1000 }, (_, i) => (from + i) * 0.25);
      assign(
        table,
        [doubleType],
        keys.map((key) => [key]),
      ).forEach((id, i) => {
        live.set(keys[i], id);
      });
      for (const [key, id] of live) {
        if (key % 1 === 0.25 && key < from * 0.25) {
          table.release(id);
          live.delete(key);
        }
      }
      if (from === 10_000) table = restored(table, [doubleType]);
    }
    expect(table.size).toBe(live.size);
    const keys = [...live.keys()].slice(0, 1000);
    expect(
      assign(
        table,
        [doubleType],
        keys.map((key) => [key]),
      ),
    ).toEqual(keys.map((key) => live.get(key)));
  });
});
