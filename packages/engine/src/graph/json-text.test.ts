import fc from "fast-check";
import { expect, test } from "vitest";
import { readJson } from "./json-text.ts";

const limits = { maxBytes: 1000, maxDepth: 64 };

function value(text: string): unknown {
  const reading = readJson(text, { maxBytes: 1 << 20, maxDepth: 64 });
  return reading.ok ? JSON.parse(JSON.stringify(reading.value)) : reading.problem;
}

function fault(text: string): unknown {
  const reading = readJson(text, limits);
  if (reading.ok) return "read";
  return reading.problem.kind === "syntax" ? reading.problem.fault : reading.problem.kind;
}

test("reads whatever JSON.stringify writes", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(0, 2), (json, indent) => {
      const text = JSON.stringify(json, null, indent);
      fc.pre(!/__proto__|\\u0000|\\ud[89a-f]/i.test(text));
      const expected = JSON.parse(text);
      expect(value(text)).toEqual(expected);
    }),
  );
});

test("refuses, or agrees with JSON.parse on, any text", () => {
  const piece = fc.constantFrom(
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"',
    "a",
    "\\",
    "1",
    "-",
    ".",
    "e",
    "true",
    "null",
    " ",
    "\n",
    "\u0007",
    '"k"',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join("");
      const reading = readJson(text, limits);
      if (reading.ok) expect(JSON.parse(JSON.stringify(reading.value))).toEqual(JSON.parse(text));
      else if (reading.problem.kind === "syntax") expect(() => JSON.parse(text)).toThrow();
    }),
    { numRuns: 2000 },
  );
});

test("says where a text goes wrong", () => {
  const reading = readJson('{\n  "a": 1,\n  "b" 2\n}', limits);
  expect(reading).toEqual({ ok: false, problem: { kind: "syntax", fault: "colon-expected", found: "2", at: { line: 3, column: 7 } } });
});

test.each([
  ['{"a":1,"a":2}', "duplicate-key"],
  ['{"a":1,"\\u0061":2}', "duplicate-key"],
  ['{"__proto__":{}}', "forbidden-key"],
  ['{"\\u005f_proto__":{}}', "forbidden-key"],
  ['{"constructor":{"prototype":{"x":1}}}', "forbidden-key"],
  ['"\\ud800"', "lone-surrogate"],
  ['"\ud800"', "lone-surrogate"],
  ['"\\u0000"', "nul-character"],
  ['"\u0000"', "control-character"],
  ['"a\nb"', "control-character"],
  ['"\\x41"', "bad-escape"],
  ['"\\u12g4"', "bad-escape"],
  ['"abc', "string-not-closed"],
  ["[1,]", "value-expected"],
  ['{"a":1,}', "key-expected"],
  ["{a:1}", "key-expected"],
  ["01", "trailing-text"],
  ["+1", "value-expected"],
  [".5", "value-expected"],
  ["NaN", "value-expected"],
  ["Infinity", "value-expected"],
  ["1e999", "number-too-large"],
  ["9007199254740993", "number-inexact"],
  ["[1] [2]", "trailing-text"],
  ["", "value-expected"],
])("refuses %j as %s", (text, expected) => {
  expect(fault(text)).toBe(expected);
});

test.each(["9007199254740992", "12345678901234567000", "1e308", "-0", "0.1", "1E+2"])("takes the number %s", (text) => {
  expect(fault(text)).toBe("read");
});

test("objects have no prototype, and names such as constructor are plain data", () => {
  const reading = readJson('{"constructor":1,"toString":2,"hasOwnProperty":3}', limits);
  if (!reading.ok || typeof reading.value !== "object" || reading.value === null) throw new Error("it was refused");
  expect(Object.getPrototypeOf(reading.value)).toBeNull();
  expect(Object.keys(reading.value)).toEqual(["constructor", "toString", "hasOwnProperty"]);
});

test("tolerates a byte order mark", () => {
  expect(value("\ufeff[1]")).toEqual([1]);
});

test("takes 64 levels and refuses the 65th, however deep it goes", () => {
  expect(fault("[".repeat(64) + "]".repeat(64))).toBe("read");
  expect(fault("[".repeat(65) + "]".repeat(65))).toBe("too-deep");
  const start = performance.now();
  expect(readJson('{"a":'.repeat(10_000), { maxBytes: 1 << 20, maxDepth: 64 })).toMatchObject({ ok: false, problem: { kind: "too-deep" } });
  expect(performance.now() - start).toBeLessThan(50);
});

test("counts bytes, not characters", () => {
  const text = `"${"é".repeat(300)}${"€".repeat(100)}${"😀".repeat(24)}"`;
  expect(new TextEncoder().encode(text).length).toBe(998);
  expect(readJson(text, { maxBytes: 998, maxDepth: 1 }).ok).toBe(true);
  expect(readJson(text, { maxBytes: 997, maxDepth: 1 })).toEqual({
    ok: false,
    problem: { kind: "too-large", actualBytes: 998, limitBytes: 997 },
  });
});
