import { expect, test } from "vitest";
import { type Field, showType } from "../types/field-type.ts";
import { checkExpression, type ExpectedResult } from "./check-expression.ts";
import { printExpression } from "./print-expression.ts";

const fields: readonly Field[] = [
  { name: "amount", type: { kind: "bigint" } },
  { name: "price", type: { kind: "double" } },
  { name: "name", type: { kind: "string" } },
  { name: "active", type: { kind: "boolean" } },
  { name: "at", type: { kind: "timestamp" } },
  { name: "payload", type: { kind: "json" } },
  { name: "tags", type: { kind: "array", of: { kind: "string" } } },
  { name: "device", type: { kind: "row", fields: [{ name: "id", type: { kind: "string" } }] } },
  { name: "constructor", type: { kind: "string" } },
  { name: "\uFF41", type: { kind: "bigint" } },
];

/** The checked expression written out with its type, or code, message, fix and underlined text of the first diagnostic. */
function checked(text: string, expected?: ExpectedResult): string {
  const result = checkExpression(text, fields, { node: "n", param: "p" }, expected);
  if (result.ok) return `${printExpression(result.value, "millrace")} : ${showType(result.value.type)}`;
  const { code, message, fix, place } = result.diagnostics[0];
  expect(place).toMatchObject({ node: "n", param: "p" });
  return `${code} at ${text.slice(place.span?.start, place.span?.end)}: ${message}${fix === undefined ? "" : ` ${fix}`}`;
}

test.each([
  ["amount + 1", "amount + 1 : bigint"],
  ["amount + 1.5", "CAST(amount AS DOUBLE) + 1.5 : double"],
  ["price > amount", "price > CAST(amount AS DOUBLE) : boolean"],
  ["SQRT(amount)", "SQRT(CAST(amount AS DOUBLE)) : double"],
  ["COALESCE(NULL, amount, 2.5)", "COALESCE(CAST(NULL AS DOUBLE), CAST(amount AS DOUBLE), 2.5) : double"],
  ["CASE WHEN active THEN 1 ELSE NULL END", "CASE WHEN active THEN 1 ELSE CAST(NULL AS BIGINT) END : bigint"],
  ["CASE amount WHEN 1.5 THEN 'a' END", "CASE CAST(amount AS DOUBLE) WHEN 1.5 THEN 'a' ELSE CAST(NULL AS STRING) END : string"],
  ["amount IN (1, NULL)", "amount IN (1, CAST(NULL AS BIGINT)) : boolean"],
  ["at - INTERVAL '5' MINUTE", "`at` - INTERVAL '5' MINUTE : timestamp"],
  ["at - at > INTERVAL '1' HOUR", "`at` - `at` > INTERVAL '1' HOUR : boolean"],
  ["payload.a.b[1]['odd']", "payload.`a`.b[1].odd : json"],
  ["tags[1]", "tags[1] : string"],
  ["device.id", "device.id : string"],
  ["device['id']", "device.id : string"],
  ["CAST(name AS STRING)", "`name` : string"],
  ["CAST(NULL AS DOUBLE)", "CAST(NULL AS DOUBLE) : double"],
  ["constructor || name", "`constructor` || `name` : string"],
  ["`\uFF41` > 1", "`\uFF41` > 1 : boolean"],
  ["NULL", "NULL : null"],
  ["IFNULL(price, 0)", "COALESCE(price, CAST(0 AS DOUBLE)) : double"],
])("%s is checked as %s", (text, expected) => {
  expect(checked(text)).toBe(expected);
});

test.each([
  ["'10' < 9", "OPERATOR_TYPES at '10' < 9: < does not work on string and bigint. Convert one side: CAST('10' AS BIGINT)."],
  ["payload.a > 5", "OPERATOR_TYPES at payload.a > 5: > does not work on json and bigint. Convert one side: CAST(payload.a AS BIGINT)."],
  [
    "payload + payload",
    "OPERATOR_TYPES at payload + payload: + does not work on json. Say what it is: CAST(payload AS DOUBLE), or AS STRING.",
  ],
  ["at > '2026-01-01'", "OPERATOR_TYPES at at > '2026-01-01': > does not work on timestamp and string. Write TIMESTAMP '2026-01-01'."],
  ["tags = tags", "OPERATOR_TYPES at tags = tags: = does not work on array<string>. Compare or compute with values of one type."],
  [
    "Amount > 1",
    "UNKNOWN_FIELD at Amount: There is no field Amount here; there are amount, price, name, active, at, payload, tags, device, constructor, \uFF41. Upper and lower case differ: write amount.",
  ],
  ["device.ids", "UNKNOWN_MEMBER at ids: device has no member ids; there are id. Did you mean id?"],
  ["name.x", "EXPRESSION_NO_MEMBERS at name.x: A value of type string has no member x; only row and json values have members."],
  [
    "name[1]",
    "EXPRESSION_NO_ELEMENTS at name[1]: A value of type string has no element [1]; only array and json values are indexed, from 1 on.",
  ],
  ["UPER(name)", "UNKNOWN_FUNCTION at UPER: There is no function UPER. Did you mean UPPER?"],
  ["NVL(name, '')", "UNKNOWN_FUNCTION at NVL: There is no function NVL. Did you mean COALESCE?"],
  ["upper = 'A'", "FUNCTION_WITHOUT_CALL at upper: UPPER is a function, not a field. Call it: UPPER(…)."],
  [
    "UPPER(amount)",
    "FUNCTION_ARGUMENTS at UPPER(amount): UPPER does not take (bigint); it takes (text string) → string. Convert the argument: CAST(amount AS STRING).",
  ],
  [
    "amount AND active",
    "EXPRESSION_CONDITION at amount: AND needs a boolean, but this is of type bigint. Compare the value with something, as in amount > 0, or write IS NOT NULL behind it.",
  ],
  [
    "IF(active, 1, 'a')",
    "FUNCTION_ARGUMENTS at IF(active, 1, 'a'): IF does not take (boolean, bigint, string); it takes (condition boolean, then any, otherwise any) → any. Convert the argument: CAST(1 AS STRING).",
  ],
  [
    "CASE WHEN active THEN 1 ELSE 'a' END",
    "EXPRESSION_BRANCHES at 'a': All values of CASE must have one type, but one is bigint and this one is string. Convert this one with CAST(… AS BIGINT), or the first.",
  ],
  [
    "CAST(amount AS TIMESTAMP)",
    "CAST_UNSUPPORTED at CAST(amount AS TIMESTAMP): A bigint cannot be cast to timestamp. Use TO_TIMESTAMP_LTZ(value, 3) for milliseconds since 1970, or (value, 0) for seconds.",
  ],
  [
    "REGEXP(name, 'it''s (a)\\1')",
    "REGEX_UNSUPPORTED at \\1: Patterns cannot use a backreference: \\1. They run in linear time (RE2). Write the pattern without it, or combine two conditions with AND.",
  ],
  [
    "JSON_VALUE(payload, '$.*')",
    "JSON_PATH_INVALID at '$.*': '$.*' is no JSON path. Write it as '$.order.items[0].name'; indexes count from 0.",
  ],
  ["JSON_VALUE(payload, name)", "ARGUMENT_NOT_LITERAL at name: The path of JSON_VALUE must be written out as a literal."],
  [
    "EXTRACT(CENTURY FROM at)",
    "TIME_UNIT_UNKNOWN at CENTURY: CENTURY is no unit of time here; known are YEAR, QUARTER, MONTH, WEEK, DAY, DOY, DOW, ISODOW, HOUR, MINUTE, SECOND, EPOCH.",
  ],
  [
    "DATE_FORMAT(at, 'YYYY')",
    "DATE_FORMAT_INVALID at 'YYYY': The date format 'YYYY' uses YYYY, which is not known. Use y, M, d, H, h, m, s, S, a, E and D, and put other text in ''quotes''.",
  ],
  ["name LIKE 'a' ESCAPE 'ab'", "LIKE_ESCAPE at 'ab': ESCAPE takes a single character, not 'ab'."],
  ["NEGATE(amount)", "UNKNOWN_FUNCTION at NEGATE: There is no function NEGATE."],
])("%s is refused with words that help", (text, expected) => {
  expect(checked(text)).toBe(expected);
});

test.each(["now()", "CURRENT_TIMESTAMP", "random() > 0.5", "uuid() = name", "UNIX_TIMESTAMP() > 5", "rand_integer(5)", "PROCTIME()"])(
  "%s is refused because it is not deterministic",
  (text) => {
    expect(checked(text)).toContain("EXPRESSION_NOT_DETERMINISTIC");
  },
);

test("the place's expectation is checked, with a way out", () => {
  expect(checked("amount > 1", "boolean")).toBe("amount > 1 : boolean");
  expect(checked("NULL", "boolean")).toBe("CAST(NULL AS BOOLEAN) : boolean");
  expect(checked("price", "numeric")).toBe("price : double");
  expect(checked("amount", "boolean")).toContain("must give a condition (boolean), but it gives bigint. Compare it with something");
  expect(checked("name", "numeric")).toContain("Write CAST(name AS DOUBLE).");
  expect(checked("active", "numeric")).toContain("Write IF(active, 1, 0).");
  expect(checked("tags", "string")).toContain("Write JSON_STRING(tags).");
  expect(checked("amount", "timestamp")).toContain("Write TO_TIMESTAMP_LTZ(amount, 3) for milliseconds");
});

test("several mistakes are reported at once, each at its place", () => {
  const result = checkExpression("nope > 1 AND UPER(name) = 'a' AND amount = price", fields, {});
  expect(result.ok ? [] : result.diagnostics.map(({ code, place }) => [code, place.span?.start])).toEqual([
    ["UNKNOWN_FIELD", 0],
    ["UNKNOWN_FUNCTION", 13],
  ]);
});

function warned(text: string): readonly string[] {
  const result = checkExpression(text, fields, {});
  if (!result.ok) throw new Error(`"${text}" is refused`);
  return result.warnings.map(({ code, message, fix, place }) => {
    const at = text.slice(place.span?.start, place.span?.end);
    return `${code} at ${at}: ${message} ${fix}`;
  });
}

test.each([
  [
    "CAST(name AS VARCHAR(3))",
    "CAST_NARROWER at VARCHAR(3): VARCHAR(3) is STRING here: texts of more than 3 characters stay as they are. Write SUBSTRING(… FROM 1 FOR 3) to cut them.",
  ],
  [
    "CAST(at AS TIMESTAMP(0))",
    "CAST_NARROWER at TIMESTAMP(0): TIMESTAMP(0) is TIMESTAMP here: milliseconds stay as they are. Write FLOOR(… TO SECOND) to cut them.",
  ],
  [
    "CAST(name AS TINYINT)",
    "CAST_NARROWER at TINYINT: TINYINT is BIGINT here: numbers beyond ±127 stay as they are. Write CASE WHEN … BETWEEN -128 AND 127 THEN … END to make them NULL.",
  ],
  [
    "name LIKE '50!x' ESCAPE '!'",
    "LIKE_PATTERN at '50!x': LIKE '50!x' is always NULL: its escape ! stands before something other than %, _ or !. Write !! for the character itself.",
  ],
])("%s is a warning", (text, expected) => {
  expect(warned(text)).toEqual([expected]);
});

test.each([
  "CAST(name AS VARCHAR)",
  "CAST(name AS VARCHAR(2147483647))",
  "CAST(name AS TIMESTAMP(3))",
  "CAST(name AS INT)",
  "name LIKE '50!%' ESCAPE '!'",
])("%s is none", (text) => {
  expect(warned(text)).toEqual([]);
});

test("a comparison with NULL is a warning", () => {
  const result = checkExpression("name <> NULL", fields, {});
  expect(result.ok && result.warnings.map((warning) => warning.code)).toEqual(["EXPRESSION_ALWAYS_NULL"]);
});
