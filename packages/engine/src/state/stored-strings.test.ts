import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Column, valueAt } from "../column/column.ts";
import { StringColumnBuilder } from "../column/column-builder.ts";
import { Dictionary } from "../column/dictionary.ts";
import { Utf8Strings } from "../column/utf8-strings.ts";
import { SnapshotReader } from "./snapshot-reader.ts";
import { SnapshotWriter } from "./snapshot-writer.ts";
import { readStored, writeStored } from "./stored-column.ts";
import { StoredStrings } from "./stored-strings.ts";

type Text = string | null;
const forms = ["texts", "distinct bytes", "bytes"] as const;
type Form = (typeof forms)[number];

function columnOf(texts: readonly Text[], form: Form): Column {
  const dictionary = form === "texts" ? new Dictionary() : new Dictionary(new Utf8Strings(form === "distinct bytes"));
  const ids = Int32Array.from(texts, (text) => (text === null ? -1 : dictionary.intern(text)));
  return { kind: "string", ids, dictionary, valid: Uint8Array.from(texts, (text) => (text === null ? 0 : 1)) };
}

function keep(strings: StoredStrings, texts: readonly Text[], slots: readonly number[], form: Form): void {
  strings.set(
    columnOf(texts, form),
    Int32Array.from(texts, (_, i) => i),
    texts.length,
    Int32Array.from(slots),
  );
}

function written(strings: StoredStrings, slots: readonly number[]): unknown[] {
  const builder = new StringColumnBuilder(Math.max(1, slots.length));
  strings.write(Int32Array.from(slots), slots.length, builder);
  return slots.map((_, i) => valueAt(builder.column(), i));
}

function gathered(strings: StoredStrings, slots: readonly number[]): unknown[] {
  const column = strings.gather(Int32Array.from(slots), slots.length);
  return slots.map((_, i) => valueAt(column, i));
}

function restored(strings: StoredStrings, slots: readonly number[]): StoredStrings {
  const writer = new SnapshotWriter();
  writeStored(writer, strings, Int32Array.from(slots), slots.length);
  const reader = new SnapshotReader(writer.finish());
  const copy = new StoredStrings();
  readStored(reader, copy, Int32Array.from(slots));
  expect(reader.remaining).toBe(0);
  return copy;
}

describe("strings of rows that stay", () => {
  test.each(forms)("are what they were, as %s", (form) => {
    const strings = new StoredStrings();
    const texts = ["a", null, "", "é", "a", "\ufeffmark", "x".repeat(300)];
    const slots = [3, 0, 1, 6, 4, 2, 5];
    keep(strings, texts, slots, form);
    expect(written(strings, [...slots, -1])).toEqual([...texts, null]);
    expect(gathered(strings, slots)).toEqual(texts);
    // A snapshot asks for slots that were given up, or never set, too.
    expect(gathered(strings, [7, 1000])).toEqual([null, null]);
    expect(written(restored(strings, slots), slots)).toEqual(texts);
  });

  test("come back when UTF-8 cannot hold one of them, among others that come once", () => {
    const strings = new StoredStrings();
    const texts = ["a", "b", "\ud800", "c"];
    keep(strings, texts, [0, 1, 2, 3], "texts");
    expect(written(restored(strings, [0, 1, 2, 3]), [0, 1, 2, 3])).toEqual(texts);
  });

  test("give the room of those that have gone to others, while one always stays", () => {
    const strings = new StoredStrings();
    const textOf = (round: number, slot: number): string => `${round} ${"x".repeat(100)} ${slot}`;
    const slots = Array.from({ length: 64 }, (_, i) => i);
    for (let round = 0; round < 200; round++) {
      const stays = round % 64;
      const stayed = round === 0 ? -1 : (round - 1) % 64;
      const coming = slots.filter((slot) => slot !== stayed);
      const texts = coming.map((slot) => textOf(round, slot));
      keep(strings, texts, coming, "bytes");
      if (stayed >= 0) expect(written(strings, [stayed])).toEqual([textOf(round - 1, stayed)]);
      expect(written(strings, coming)).toEqual(texts);
      const going = slots.filter((slot) => slot !== stays);
      strings.clear(Int32Array.from(going), going.length);
    }
    // 64 strings of about 110 bytes, twice as much room, and what is kept for each slot.
    expect(strings.bytes).toBeLessThan(24 * 1024);
  });

  test("behave as a list of texts, whatever comes and goes", () => {
    const text = fc.oneof(
      fc.constantFrom("a", "b", "", "longer than a word", "é"),
      fc.string({ maxLength: 40 }).map((own) => own.toWellFormed()),
    );
    const step = fc.record({
      texts: fc.array(fc.option(text, { freq: 5 }), { minLength: 1, maxLength: 12 }),
      form: fc.constantFrom(...forms),
      leave: fc.array(fc.nat(), { maxLength: 12 }),
      restart: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
        let strings = new StoredStrings();
        const model = new Map<number, Text>();
        for (const { texts, form, leave, restart } of steps) {
          const free = Array.from({ length: 200 }, (_, slot) => slot).filter((slot) => !model.has(slot));
          const slots = texts.map((_, i) => free[i]);
          keep(strings, texts, slots, form);
          slots.forEach((slot, i) => {
            model.set(slot, texts[i]);
          });
          const going = [...new Set(leave.map((nth) => [...model.keys()][nth % model.size]))];
          strings.clear(Int32Array.from(going), going.length);
          for (const slot of going) model.delete(slot);
          const held = [...model.keys()];
          if (restart) strings = restored(strings, held);
          const expected = held.map((slot) => model.get(slot) ?? null);
          expect(written(strings, held)).toEqual(expected);
          expect(gathered(strings, held)).toEqual(expected);
          for (let i = 0; i + 1 < held.length; i++) expect(strings.same(held[i], held[i + 1])).toBe(expected[i] === expected[i + 1]);
        }
      }),
      { numRuns: 300 },
    );
  });
});
