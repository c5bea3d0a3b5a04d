import { expect, it } from "vitest";
import { inferSchema } from "./infer-schema.ts";

const fields = (sample: string) => {
  const inference = inferSchema(sample);
  return inference.ok ? Object.fromEntries(inference.fields.map((field) => [field.name, field.type])) : inference.reason;
};

it("finds the type of each field over all records", () => {
  expect(fields('{"a":1,"b":"x","c":true,"d":"2026-01-01T00:00:00Z","e":{"f":1},"g":null}\n{"a":1.5,"b":2,"c":null,"g":[1]}')).toEqual({
    a: "double",
    b: "string",
    c: "boolean",
    d: "timestamp",
    e: "json",
    g: "json",
  });
  expect(fields('[{"a":1},{"a":9007199254740993}]')).toEqual({ a: "double" });
  expect(fields('{"only":null}')).toEqual({ only: "string" });
});

it("skips what is no record, and says so when nothing is left", () => {
  const mixed = inferSchema('{"a":1}\nnot json\n[1]\n');
  expect(mixed.ok && [mixed.records, mixed.skipped]).toEqual([1, 2]);
  expect(fields("")).toContain("Paste");
  expect(fields("a,b\n1,2")).toContain("No line");
});

it("treats hostile names as names", () => {
  const inference = inferSchema('{"__proto__":1,"constructor":"x"}');
  expect(inference.ok && inference.fields).toEqual([
    { name: "__proto__", type: "bigint" },
    { name: "constructor", type: "string" },
  ]);
  expect(Object.prototype).not.toHaveProperty("x");
});
