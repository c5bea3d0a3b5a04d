import fc from "fast-check";
import { expect, test } from "vitest";
import type { Field } from "../types/field-type.ts";
import type { Column } from "./column.ts";
import { createColumnBuilder } from "./column-builder.ts";
import { joinBytes } from "./join-bytes.ts";
import { createJsonDecoder } from "./json-decoder.ts";
import { createJsonEncoder } from "./json-encoder.ts";

const fields: readonly Field[] = [
  { name: "n", type: { kind: "double" } },
  { name: "t", type: { kind: "string" } },
  { name: "b", type: { kind: "boolean" } },
  { name: 'a "quoted" näme', type: { kind: "json" } },
];
const live = fields.map(() => true);

const numbers = fc.oneof(
  fc.constantFrom(
    0,
    9,
    10,
    99,
    100,
    101,
    0x3fffffff,
    0x40000000,
    1e8,
    1e8 - 1,
    1e9,
    1e16 - 1,
    2 ** 53 - 1,
    -(2 ** 53) + 1,
    2 ** 53,
    1e21,
    -1e-7,
    5e-324,
  ),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const texts = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 200 }),
  fc.string({ unit: "binary" }),
  fc.constantFrom("", '"', "\\", "\n", "\u007f", "é", "\u2028", "😀"),
);
const records = fc.array(
  fc.record({
    n: fc.option(numbers.map((value) => value + 0)),
    t: fc.option(texts),
    b: fc.option(fc.boolean()),
    'a "quoted" näme': fc.option(fc.dictionary(fc.string(), fc.integer())),
  }),
  { minLength: 1, maxLength: 40 },
);

function columnOf(field: Field, values: readonly unknown[]): Column {
  const builder = createColumnBuilder(field.type, values.length);
  values.forEach((value, i) => {
    builder.set(i, value);
  });
  return builder.column();
}

test("lines are what JSON.stringify makes of the records, whether their strings are texts or bytes of a decoder", () => {
  fc.assert(
    fc.property(records, (rows) => {
      const lines = `${rows.map((row) => JSON.stringify(row)).join("\n")}\n`;
      const columns = fields.map((field) =>
        columnOf(
          field,
          rows.map((row) => new Map(Object.entries(row)).get(field.name)),
        ),
      );
      const encoder = createJsonEncoder(fields, "append");
      encoder.write({
        length: rows.length,
        selection: null,
        selected: rows.length,
        columns,
        time: new Float64Array(rows.length),
        kinds: null,
      });
      expect(encoder.records).toBe(rows.length);
      expect(encoder.size).toBe(new TextEncoder().encode(lines).length);
      expect(new TextDecoder().decode(joinBytes(encoder.take()))).toBe(lines);

      const decoder = createJsonDecoder(fields, live);
      const encoded = new TextEncoder().encode(lines);
      decoder.begin(encoded, 1);
      const decoded = decoder.next(rows.length);
      expect(decoded?.deadLetters).toEqual([]);
      if (decoded !== null) encoder.write(decoded.batch);
      // JSON escapes lone surrogates, which bytes cannot hold.
      const isWellFormed = rows.every(({ t }) => t === null || t.isWellFormed());
      if (isWellFormed) expect(new TextDecoder().decode(joinBytes(encoder.take()))).toBe(lines);
    }),
  );
});

test("a number that is not finite is null, and only selected rows are written", () => {
  const encoder = createJsonEncoder(fields.slice(0, 1), "append");
  const values = Float64Array.of(1, Number.NaN, Number.POSITIVE_INFINITY, 4);
  const columns: Column[] = [{ kind: "number", values, valid: null }];
  encoder.write({ length: 4, selection: Int32Array.of(1, 2, 3), selected: 3, columns, time: new Float64Array(4), kinds: null });
  expect(new TextDecoder().decode(joinBytes(encoder.take()))).toBe('{"n":null}\n{"n":null}\n{"n":4}\n');
});

test("a record of a changelog starts with its operation", () => {
  const encoder = createJsonEncoder(fields.slice(0, 1), "retract");
  const columns: Column[] = [{ kind: "number", values: Float64Array.of(1, 2, 3, 4), valid: null }];
  const kinds = Uint8Array.of(0, 1, 2, 3);
  encoder.write({ length: 4, selection: null, selected: 4, columns, time: new Float64Array(4), kinds });
  expect(new TextDecoder().decode(joinBytes(encoder.take()))).toBe(
    '{"_op":"+I","n":1}\n{"_op":"-U","n":2}\n{"_op":"+U","n":3}\n{"_op":"-D","n":4}\n',
  );
});

test("a stream without fields is empty objects", () => {
  const encoder = createJsonEncoder([], "append");
  encoder.write({ length: 2, selection: null, selected: 2, columns: [], time: new Float64Array(2), kinds: null });
  expect(new TextDecoder().decode(joinBytes(encoder.take()))).toBe("{}\n{}\n");
});

test("records go on over the ends of blocks, whatever their lengths, and again after they were taken", () => {
  const encoder = createJsonEncoder(fields, "append");
  const lengths = [0, 10, 1000, 5000, 3, 70_000, 200, 3_000_000, 1];
  for (const round of [1, 2]) {
    const rows = Array.from({ length: 900 }, (_, i) => {
      const long = "x".repeat(lengths[i % lengths.length] % (i < 20 ? 4_000_000 : 20_000));
      const last: unknown = i % 50 === 0 ? { much: [long, "é"] } : null;
      return { n: i, t: i % 7 === 0 ? `${long}"` : long, b: round === 1, 'a "quoted" näme': last };
    });
    const values = (name: string): readonly unknown[] => rows.map((row) => new Map<string, unknown>(Object.entries(row)).get(name));
    const columns = fields.map((field) => columnOf(field, values(field.name)));
    const time = new Float64Array(rows.length);
    encoder.write({ length: rows.length, selection: null, selected: rows.length, columns, time, kinds: null });
    const lines = rows.map((row) => `${JSON.stringify(row)}\n`);
    expect(encoder.size).toBe(new TextEncoder().encode(lines.join("")).length);
    const taken = new TextDecoder().decode(joinBytes(encoder.take())).split("\n");
    expect(taken.findIndex((line, i) => `${line}\n` !== (lines[i] ?? "\n"))).toBe(-1);
    expect(encoder.size).toBe(0);
  }
});
