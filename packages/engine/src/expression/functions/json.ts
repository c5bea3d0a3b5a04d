import { bounded } from "../values/bounded-text.ts";
import { followJsonPath, parseJsonPath, parseJsonText, scalarText, writeJsonText } from "../values/json-path.ts";
import { define, type FunctionDefinition, type Implementation, signature } from "./function-definition.ts";
import { memberImplementation } from "./member-access.ts";

/** What a path leads to in a value, undefined when it leads nowhere. */
function follow(value: unknown, path: string): unknown {
  const steps = parseJsonPath(path);
  return steps === null ? undefined : followJsonPath(value, steps);
}

function jsonValue(value: unknown, path: string): string | null {
  return scalarText(follow(value, path));
}

function jsonQuery(value: unknown, path: string): string | null {
  const found = follow(value, path);
  if (typeof found !== "object" || found === null) return null;
  const text = writeJsonText(found);
  return text === null ? null : bounded(text);
}

function jsonExists(value: unknown, path: string): boolean {
  return follow(value, path) !== undefined;
}

function jsonString(value: unknown): string | null {
  const text = writeJsonText(value);
  return text === null ? null : bounded(text);
}

function elementCount(value: unknown): number | null {
  return Array.isArray(value) ? value.length : null;
}

const members: Implementation = memberImplementation;

export const json: readonly FunctionDefinition[] = [
  define(
    "json",
    "JSON_VALUE",
    "The text of the scalar at a path ($.a.b[0], indexes from 0) of a json value or of JSON text; NULL when there is none, and of whole numbers beyond ±2^53, whose last digits are not known.",
    [
      signature("value json, path path -> string", jsonValue),
      signature("text string, path path -> string", (text: string, path: string) => jsonValue(parseJsonText(text), path)),
    ],
    [
      [`JSON_VALUE('{"a": {"b": [5, 6]}}', '$.a.b[1]')`, "6"],
      [`JSON_VALUE('{"a": {}}', '$.a')`, null],
      ["JSON_VALUE('no json', '$.a')", null],
      [`JSON_VALUE('{"id": 9007199254740993}', '$.id')`, null],
    ],
  ),
  define(
    "json",
    "JSON_QUERY",
    "JSON text of the object or array at a path; NULL when there is none.",
    [
      signature("value json, path path -> string", jsonQuery),
      signature("text string, path path -> string", (text: string, path: string) => jsonQuery(parseJsonText(text), path)),
    ],
    [[`JSON_QUERY('{"a": {"b": [5, 6]}}', '$.a.b')`, "[5,6]"]],
  ),
  define(
    "json",
    "JSON_EXISTS",
    "TRUE when a path leads to a value, JSON's null included.",
    [
      signature("value json, path path -> boolean", jsonExists),
      signature("text string, path path -> boolean", (text: string, path: string) => jsonExists(parseJsonText(text), path)),
    ],
    [
      [`JSON_EXISTS('{"a": null}', '$.a')`, true],
      [`JSON_EXISTS('{"a": null}', '$.b')`, false],
    ],
  ),
  define(
    "json",
    "JSON_STRING",
    "JSON text of a value.",
    [signature("value T -> string", jsonString)],
    [
      ["JSON_STRING('a\"b')", '"a\\"b"'],
      ["JSON_STRING(1 = 1)", "true"],
    ],
  ),
  define(
    "json",
    "CARDINALITY",
    "The number of elements of an array; NULL of anything else.",
    [signature("array array -> bigint", elementCount), signature("array json -> bigint", elementCount)],
    [],
  ),
  define("json", ".", "A member of a row or of a json value; NULL when there is none.", [], [], {
    syntax: "a.member",
    special: () => members,
  }),
  define("json", "[]", "An element of an array or of a json array, from 1; NULL when there is none.", [], [], {
    syntax: "a[1]",
    special: () => members,
  }),
];
