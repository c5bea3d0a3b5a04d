import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bigintType, booleanType, doubleType, type Field, stringType } from "../types/field-type.ts";
import type { Batch } from "./batch.ts";
import { createColumnBuilder } from "./column-builder.ts";
import { joinBytes } from "./join-bytes.ts";
import { createJsonDecoder } from "./json-decoder.ts";
import { createJsonEncoder } from "./json-encoder.ts";
import { jsonWriterMemory } from "./json-writer-memory.ts";

const fields: readonly Field[] = [
  { name: "n", type: doubleType },
  { name: "text", type: stringType },
  { name: 'a "quoted" näme', type: booleanType },
  { name: "same", type: stringType },
];
const numberField: readonly Field[] = [{ name: "n", type: doubleType }];
const stringField: readonly Field[] = [{ name: "s", type: stringType }];

/** A batch of records given as their cells. */
function batchOf(of: readonly Field[], rows: readonly (readonly unknown[])[], selection: Int32Array | null = null): Batch {
  const columns = of.map(({ type }, i) => {
    const builder = createColumnBuilder(type, rows.length);
    rows.forEach((row, at) => {
      builder.set(at, row[i]);
    });
    return builder.column();
  });
  const selected = selection === null ? rows.length : selection.length;
  return { length: rows.length, selection, selected, columns, time: new Float64Array(rows.length), kinds: null };
}

function linesOf(of: readonly Field[], rows: readonly (readonly unknown[])[]): string {
  return rows.map((row) => `${JSON.stringify(Object.fromEntries(of.map(({ name }, i) => [name, row[i]])))}\n`).join("");
}

function written(of: readonly Field[], ...batches: readonly Batch[]): string {
  const encoder = createJsonEncoder(of, "append");
  for (const batch of batches) encoder.write(batch);
  return new TextDecoder().decode(joinBytes(encoder.take()));
}

/** Decimals with a few digits, as prices are, beside what a double can be. */
const numbers = fc.oneof(
  fc.maxSafeInteger(),
  fc.tuple(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 22 })).map(([n, places]) => n / 10 ** places),
  fc.tuple(fc.maxSafeInteger(), fc.integer({ min: 0, max: 22 })).map(([n, places]) => n / 10 ** places),
  fc.double(),
  fc.double({ min: -2000, max: 2000 }),
);
const texts = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.stringMatching(/^[a-z ]{0,60}$/),
  fc.constantFrom("", '"', "\\", "\n", "\u007f", "é", "\u2028", "😀", "\ud800"),
);
const rows = fc.array(
  fc.tuple(
    fc.option(numbers),
    fc.option(texts),
    fc.option(fc.boolean()),
    fc.option(fc.constantFrom("one", "two", "thr\tee", "", "\udfff")),
  ),
  {
    minLength: 16,
    maxLength: 80,
  },
);

describe("the JSON line writer", () => {
  it("is there: this host has WebAssembly with vectors", () => {
    expect(jsonWriterMemory()).not.toBeNull();
  });

  it("writes what JSON.stringify does, of texts and of the bytes of a decoder, all rows and some", () => {
    fc.assert(
      fc.property(rows, rows, fc.integer({ min: 1, max: 3 }), (one, other, every) => {
        const some = Int32Array.from(one.keys().filter((i) => i % every === 0));
        const expected = linesOf(fields, one) + linesOf(fields, other);
        expect(written(fields, batchOf(fields, one), batchOf(fields, other))).toBe(expected);
        expect(written(fields, batchOf(fields, one, some))).toBe(
          linesOf(
            fields,
            one.filter((_, i) => i % every === 0),
          ),
        );
        const decoder = createJsonDecoder(
          fields,
          fields.map(() => true),
        );
        decoder.begin(new TextEncoder().encode(linesOf(fields, one)), 1);
        const decoded = decoder.next(1024);
        // Bytes hold no lone surrogates, numbers of JSON are finite.
        const wellFormed = one.map((row) => row.map((cell) => (typeof cell === "string" ? cell.toWellFormed() : cell)));
        expect(decoded === null ? "" : written(fields, decoded.batch)).toBe(linesOf(fields, wellFormed));
      }),
      { numRuns: 300 },
    );
  });

  it("writes numbers as JavaScript does: digits of every count, decimals of few and of many places, the largest and the smallest", () => {
    const edges = Array.from({ length: 17 }, (_, i) => [
      10 ** i - 1,
      10 ** i,
      10 ** i + 1,
      -(10 ** i),
      10 ** -i,
      1 - 10 ** -i,
      10 ** i + 0.5,
    ]);
    const more = [
      0,
      -0,
      2 ** 53 - 1,
      2 ** 53,
      -(2 ** 53),
      1e21,
      5e-324,
      1.7976931348623157e308,
      0.1 + 0.2,
      1e-6,
      1e-7,
      999_999_999_999.999,
    ];
    const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const cells = [...edges.flat(), ...more, ...odd].map((value) => [value]);
    expect(written(numberField, batchOf(numberField, cells))).toBe(linesOf(numberField, cells));
    fc.assert(
      fc.property(fc.array(numbers, { minLength: 500, maxLength: 1000 }), (values) => {
        const cells = values.map((value) => [value]);
        expect(written(numberField, batchOf(numberField, cells))).toBe(linesOf(numberField, cells));
      }),
      { numRuns: 100 },
    );
  });

  it("writes the same whoever used the memory in between", () => {
    const one = Array.from({ length: 200 }, (_, i) => [i / 8, `text ${i % 7}`, i % 2 === 0, "same"]);
    const other = Array.from({ length: 200 }, (_, i) => [`number ${i}`]);
    const encoder = createJsonEncoder(fields, "append");
    const between = createJsonEncoder(stringField, "append");
    for (let i = 0; i < 3; i++) {
      encoder.write(batchOf(fields, one));
      between.write(batchOf(stringField, other));
    }
    expect(new TextDecoder().decode(joinBytes(encoder.take()))).toBe(linesOf(fields, one).repeat(3));
    expect(new TextDecoder().decode(joinBytes(between.take()))).toBe(linesOf(stringField, other).repeat(3));
  });

  it("writes strings of any length, more of them than it keeps, and those that need escapes among others", () => {
    for (const length of [0, 1, 15, 16, 17, 300, 1100, 5000, 70_000, 400_000]) {
      const count = length > 10_000 ? 20 : 900;
      const encoder = createJsonEncoder(stringField, "append");
      for (let round = 0; round < 4; round++) {
        const cells = Array.from({ length: count }, (_, i) => [
          i % 41 === 3 ? null : `${i + round * count}`.padEnd(length, i % 97 === 5 ? '"' : "x"),
        ]);
        encoder.write(batchOf(stringField, cells));
        const taken = new TextDecoder().decode(joinBytes(encoder.take()));
        expect(taken === linesOf(stringField, cells)).toBe(true);
        const decoder = createJsonDecoder(stringField, [true]);
        decoder.begin(new TextEncoder().encode(taken), 1);
        const decoded = decoder.next(count);
        if (decoded !== null) encoder.write(decoded.batch);
        expect(new TextDecoder().decode(joinBytes(encoder.take())) === taken).toBe(true);
      }
    }
  });

  it("writes strings that come once each, in one piece or one by one", () => {
    const cells = Array.from({ length: 9000 }, (_, i) => [
      i % 50 === 7 ? null : `unique ${i} ${"y".repeat(i % 300)}${i % 200 === 9 ? "\n" : ""}`,
    ]);
    const decoder = createJsonDecoder(stringField, [true]);
    decoder.begin(new TextEncoder().encode(linesOf(stringField, cells)), 1);
    for (const every of [1, 2, 9, 60]) decodeAndWrite(every);

    function decodeAndWrite(every: number): void {
      decoder.begin(new TextEncoder().encode(linesOf(stringField, cells)), 1);
      const encoder = createJsonEncoder(stringField, "append");
      for (let decoded = decoder.next(1000); decoded !== null; decoded = decoder.next(1000)) {
        const selection = Int32Array.from({ length: Math.floor(decoded.batch.length / every) }, (_, i) => i * every);
        encoder.write({ ...decoded.batch, selection, selected: selection.length });
      }
      const some = cells.filter((_, i) => (i % 1000) % every === 0 && Math.floor((i % 1000) / every) < Math.floor(1000 / every));
      expect(new TextDecoder().decode(joinBytes(encoder.take()))).toBe(linesOf(stringField, some));
    }
  });

  it("writes many columns, and operations of a changelog before them", () => {
    const wide: readonly Field[] = Array.from({ length: 300 }, (_, i) => ({
      name: `field_${i}`,
      type: i % 3 === 0 ? stringType : bigintType,
    }));
    const cells = Array.from({ length: 1024 }, (_, row) =>
      wide.map(({ type }, i) => (type === stringType ? `s${(row * i) % 90}` : row * i)),
    );
    const kinds = Uint8Array.from({ length: 1024 }, (_, i) => i % 4);
    const encoder = createJsonEncoder(wide, "retract");
    encoder.write({ ...batchOf(wide, cells), kinds });
    const lines = linesOf(wide, cells).split("\n").slice(0, -1);
    const expected = lines.map((line, i) => `{"_op":"${["+I", "-U", "+U", "-D"][i % 4]}",${line.slice(1)}\n`).join("");
    expect(new TextDecoder().decode(joinBytes(encoder.take())) === expected).toBe(true);
  });
});
