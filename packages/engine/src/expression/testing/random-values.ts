import type { Field, FieldType } from "../../types/field-type.ts";
import type { RandomSource } from "./random-source.ts";

/** Fields of every type. */
export const fuzzFields: readonly Field[] = [
  { name: "flag", type: { kind: "boolean" } },
  { name: "ok", type: { kind: "boolean" } },
  { name: "n", type: { kind: "bigint" } },
  { name: "m", type: { kind: "bigint" } },
  { name: "x", type: { kind: "double" } },
  { name: "y", type: { kind: "double" } },
  { name: "s", type: { kind: "string" } },
  { name: "odd name", type: { kind: "string" } },
  { name: "at", type: { kind: "timestamp" } },
  { name: "until", type: { kind: "timestamp" } },
  { name: "lasted", type: { kind: "interval" } },
  { name: "payload", type: { kind: "json" } },
  { name: "tags", type: { kind: "array", of: { kind: "string" } } },
  {
    name: "device",
    type: {
      kind: "row",
      fields: [
        { name: "id", type: { kind: "string" } },
        { name: "order", type: { kind: "bigint" } },
        { name: "seen", type: { kind: "timestamp" } },
      ],
    },
  },
];

const bigints = [0, 1, -1, 2, 3, 7, 10, -10, 100, 1000, 1e9, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER, 2 ** 52];
const doubles = [0, -0, 0.5, -1.5, 2.5, 0.1, 1e-7, 1e7, 123456.789, 1e300, Number.MAX_VALUE, Number.MIN_VALUE, -1e21, 1 / 3];
const texts = [
  "",
  "a",
  "A",
  "abc",
  "abcabc",
  "sensor-12",
  "50%",
  "_",
  "it's",
  " pad ",
  "ünï",
  "e\u0301",
  "\u{1F600}x\u{1F600}",
  "\uFF5E",
  "\u{10000}",
  "42",
  " -7.9 ",
  "1e3",
  "true",
  "No",
  "2026-01-31 12:34:56.789",
  "2026-02-30",
  "2024-02-29T23:59:59+02:00",
  '{"a":{"b":[1,"x",null]},"__proto__":5}',
  "[1, 2]",
  "a/b//c",
  "__proto__",
  "line\nbreak",
  "\uD800x",
  "x\uDC00",
];
const timestamps = [
  0, 1, -1, 1_767_225_600_000, 1_767_268_496_789, 951_782_400_000, -62_135_596_800_000, 253_402_300_799_999, 1_743_292_799_999,
];
const intervals = [0, 1, -1, 1000, 60_000, -3_600_000, 86_400_000, 90_061_001];
const jsons: readonly unknown[] = [
  true,
  0,
  1.5,
  "text",
  "42",
  {},
  [],
  { a: 1, b: "x" },
  { a: { b: [1, "two", null, { c: false }] }, "odd key": 7 },
  [1, [2, 3], { a: "deep" }],
  Object.freeze({ toString: "own", constructor: 1 }),
];

/** A value of the type, never NULL. */
export function randomValue(random: RandomSource, type: FieldType): unknown {
  switch (type.kind) {
    case "boolean":
      return random.chance(0.5);
    case "bigint":
      return random.chance(0.7) ? random.pick(bigints) : random.below(2001) - 1000;
    case "double":
      return random.chance(0.7) ? random.pick(doubles) : (random.fraction() - 0.5) * 10 ** random.below(12);
    case "string":
      return random.chance(0.8) ? random.pick(texts) : `k${random.below(40)}`;
    case "timestamp":
      return random.chance(0.5) ? random.pick(timestamps) : 1_767_225_600_000 + random.below(400) * 86_399_999;
    case "interval":
      return random.chance(0.7) ? random.pick(intervals) : random.below(10_000_000) - 5_000_000;
    case "json":
      return random.pick(jsons);
    case "array":
      return Array.from({ length: random.below(4) }, () => (random.chance(0.2) ? null : randomValue(random, type.of)));
    case "row":
      return Object.fromEntries(type.fields.map((field) => [field.name, random.chance(0.2) ? null : randomValue(random, field.type)]));
    case "null":
      return null;
  }
}
