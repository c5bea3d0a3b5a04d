import { describe, expect, test } from "vitest";
import type { Column } from "../column/column.ts";
import { StringColumnBuilder } from "../column/column-builder.ts";
import { Dictionary } from "../column/dictionary.ts";
import { Utf8Strings } from "../column/utf8-strings.ts";
import { PassingStrings } from "./passing-strings.ts";

type Text = string | null;

/** A column whose dictionary holds each string as often as it comes, as those of decoders do. */
function asBytes(texts: readonly Text[]): Column {
  return filled(texts, new Dictionary(new Utf8Strings(false)));
}

function asTexts(texts: readonly Text[]): Column {
  return filled(texts, new Dictionary());
}

function filled(texts: readonly Text[], dictionary: Dictionary): Column {
  const ids = Int32Array.from(texts, (text) => (text === null ? -1 : dictionary.intern(text)));
  return { kind: "string", ids, dictionary, valid: Uint8Array.from(texts, (text) => (text === null ? 0 : 1)) };
}

function textsOf(column: Column, count: number): Text[] {
  if (column.kind !== "string") throw new TypeError(`a string column is needed, not ${column.kind}`);
  const { ids, valid, dictionary } = column;
  return Array.from({ length: count }, (_, row) => (valid !== null && valid[row] === 0 ? null : dictionary.text(ids[row])));
}

const from = (first: number, count: number): Int32Array => Int32Array.from({ length: count }, (_, i) => first + i);

/** Keeps a column at `first` and on. */
function keep(strings: PassingStrings, column: Column, first: number, count: number): void {
  strings.set(column, from(0, count), count, from(first, count));
}

function written(strings: PassingStrings, slots: readonly number[], builder = new StringColumnBuilder(64)): Column {
  builder.reset();
  strings.write(Int32Array.from(slots), slots.length, builder);
  return builder.column();
}

describe("strings of rows that go on", () => {
  test("are written in the dictionary that they came in", () => {
    const strings = new PassingStrings();
    const column = asBytes(["a", null, "a", "é"]);
    keep(strings, column, 0, 4);
    const out = written(strings, [3, 1, 0, -1, 2]);
    expect(textsOf(out, 5)).toEqual(["é", null, "a", null, "a"]);
    expect(out).toHaveProperty("dictionary", column.kind === "string" ? column.dictionary : null);
  });

  test.each([
    ["bytes", asBytes],
    ["texts", asTexts],
  ])("may come from several dictionaries of %s at once", (_, make) => {
    const strings = new PassingStrings();
    keep(strings, make(["a", null]), 0, 2);
    keep(strings, make(["b", "a"]), 2, 2);
    const builder = new StringColumnBuilder(64);
    expect(textsOf(written(strings, [0, 1, 2, 3], builder), 4)).toEqual(["a", null, "b", "a"]);
    expect(textsOf(written(strings, [3, 2], builder), 2)).toEqual(["a", "b"]);
    expect(strings.same(0, 3)).toBe(true);
    expect(strings.same(0, 2)).toBe(false);
  });

  test("are told apart by ids as soon as something downstream goes by them", () => {
    const strings = new PassingStrings();
    keep(strings, asBytes(["a", "b"]), 0, 2);
    keep(strings, asBytes(["a"]), 2, 1);
    const builder = new StringColumnBuilder(64);
    const first = written(strings, [0, 2], builder);
    if (first.kind !== "string") throw new TypeError("a string column is needed");
    expect(first.ids[0]).not.toBe(first.ids[1]);
    first.dictionary.idsMatter = true;
    const second = written(strings, [0, 2, 1], builder);
    if (second.kind !== "string") throw new TypeError("a string column is needed");
    expect(second.ids[0]).toBe(second.ids[1]);
    expect(textsOf(second, 3)).toEqual(["a", "a", "b"]);
  });

  test("stay what they are when they are in more dictionaries than are kept, and lone surrogates too", () => {
    const strings = new PassingStrings();
    const texts = Array.from({ length: 90 }, (_, i) => (i % 7 === 0 ? null : i % 5 === 0 ? `\ud800${i}` : `text ${i % 11}`));
    for (let i = 0; i < 90; i += 3) keep(strings, (i % 2 === 0 ? asTexts : asBytes)(texts.slice(i, i + 3).map(wellFormed(i))), i, 3);
    const expected = texts.map((text, i) => wellFormed(i - (i % 3))(text));
    expect(textsOf(written(strings, [...from(0, 90).values()], new StringColumnBuilder(90)), 90)).toEqual(expected);
    for (let slot = 0; slot < 90; slot += 2) strings.clear(Int32Array.of(slot), 1);
    keep(strings, asBytes(["new"]), 40, 1);
    expect(textsOf(strings.gather(Int32Array.of(40, 41, 1), 3), 3)).toEqual(["new", expected[41], expected[1]]);
  });
});

/** Bytes hold no lone surrogates. */
function wellFormed(first: number): (text: Text) => Text {
  return (text) => (first % 2 === 0 || text === null ? text : text.toWellFormed());
}
