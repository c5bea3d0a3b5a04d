import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bigintType, booleanType, doubleType, type Field, jsonType, stringType, timestampType } from "../types/field-type.ts";
import { cellFromJson, Misfit } from "./cell-value.ts";
import { valueAt } from "./column.ts";
import { createJsonDecoder } from "./json-decoder.ts";
import type { DecodedRecords } from "./record-decoder.ts";

const fields: readonly Field[] = [
  { name: "id", type: bigintType },
  { name: "amount", type: doubleType },
  { name: "name", type: stringType },
  { name: "ok", type: booleanType },
  { name: "at", type: timestampType },
  { name: "extra", type: jsonType },
  { name: "__proto__", type: stringType },
];
const all = fields.map(() => true);

function decode(text: string | Uint8Array, live: readonly boolean[] = all, maxRows = 1024, accelerated = true) {
  const decoder = createJsonDecoder(fields, live, { accelerated });
  decoder.begin(typeof text === "string" ? new TextEncoder().encode(text) : text, 1);
  const rows: unknown[][] = [];
  const deadLetters: { position: string; reason: string }[] = [];
  for (let part: DecodedRecords | null = decoder.next(maxRows); part !== null; part = decoder.next(maxRows)) {
    deadLetters.push(...part.deadLetters);
    for (let i = 0; i < part.batch.length; i++)
      rows.push(part.batch.columns.map((column) => (column === null ? "pruned" : valueAt(column, i))));
  }
  return { rows, deadLetters };
}

/** What `JSON.parse` and the declared types say of a line: cells, or null for a dead letter. */
function oracle(line: string, live: readonly boolean[]): unknown[] | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const cells: unknown[] = [];
  for (let i = 0; i < fields.length; i++) {
    if (!live[i]) {
      cells.push("pruned");
      continue;
    }
    const { name, type } = fields[i];
    const cell = cellFromJson(name, type, Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : null);
    if (cell instanceof Misfit) return null;
    cells.push(typeof cell === "string" ? cell.toWellFormed() : cell);
  }
  return cells;
}

describe("the JSON decoder", () => {
  it("reads typed cells and leaves missing ones NULL", () => {
    const { rows, deadLetters } = decode(
      '{"id":1,"amount":-2.5,"name":"a","ok":true,"at":1000,"extra":{"x":[1]}}\n{ "name" : "b" , "id" : null }\n',
    );
    expect(rows).toEqual([
      [1, -2.5, "a", true, 1000, { x: [1] }, null],
      [null, null, "b", null, null, null, null],
    ]);
    expect(deadLetters).toEqual([]);
  });

  it("gives one string one id, whichever way it was written", () => {
    const decoder = createJsonDecoder(fields, all);
    decoder.begin(new TextEncoder().encode('{"name":"a\\u0062"}\n{"name":"ab"}\n{"name":"\\u0061b"}'), 1);
    const column = decoder.next(10)?.batch.columns[2];
    expect(column?.kind === "string" && [column.ids[0], column.ids[1], column.ids[2], column.dictionary.size]).toEqual([0, 0, 0, 1]);
  });

  it("sends broken records to the dead letters with line and reason, and goes on", () => {
    const deep = `{"extra":${"[".repeat(5000)}${"]".repeat(5000)}}`;
    const { rows, deadLetters } = decode(
      ['{"id":1}', "{oops", "", "[1]", '{"id":"7"}', '{"id":1.5}', '{"at":9e99}', deep, '{"id":2}'].join("\n"),
    );
    expect(rows.map((row) => row[0])).toEqual([1, 2]);
    expect(deadLetters.map((letter) => letter.position)).toEqual(["line 2", "line 4", "line 5", "line 6", "line 7", "line 8"]);
    expect(deadLetters[2].reason).toBe('the field id is declared bigint, but the record holds "7"');
    expect(deadLetters[5].reason).toContain("TOO_DEEP");
  });

  it("refuses what is not UTF-8 and what is over a megabyte, and keeps the rest", () => {
    const invalid = Uint8Array.from([0x7b, 0x22, 0x78, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d, 0x0a]);
    expect(decode(invalid).deadLetters[0].reason).toContain("not UTF-8");
    const large = decode(`{"name":"${"x".repeat(1 << 20)}\\n"}\n{"id":3}`);
    expect(large.deadLetters[0].reason).toContain("TOO_LARGE");
    expect(large.rows.map((row) => row[0])).toEqual([3]);
  });

  it("treats names such as __proto__ as data", () => {
    const { rows } = decode('{"__proto__":"x","id":1}\n{"__proto__":{"score":0},"id":2}\n{"constructor":{"prototype":{"x":1}},"id":3}');
    expect(rows.map((row) => [row[0], row[6]])).toEqual([
      [1, "x"],
      [3, null],
    ]);
    expect(Object.hasOwn(Object.prototype, "score")).toBe(false);
  });

  it("agrees with JSON.parse on every record that JSON.stringify can make, whichever fields are read", () => {
    const value = fc.dictionary(
      fc.constantFrom("id", "amount", "name", "ok", "at", "extra", "__proto__", "other", 'q"'),
      fc.jsonValue({ maxDepth: 3 }),
    );
    fc.assert(
      fc.property(
        fc.array(value, { maxLength: 8 }),
        fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }),
        fc.integer({ min: 1, max: 5 }),
        (records, live, maxRows) => {
          const plain = live.map((isLive, i) => isLive && fields[i].type.kind !== "json");
          const lines = records.flatMap((record) => [JSON.stringify(record), JSON.stringify(record)]);
          agree(lines, live, maxRows);
          agree(lines, plain, maxRows);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("agrees with JSON.parse on mutilated records", () => {
    const good =
      '{"id":-12,"amount":1.25e2,"name":"a\\n\\u00e9é","ok":false,"at":"2026-01-01T00:00:00Z","extra":[1,{"a":null}],"other":"\\\\"}';
    const edit = fc.record({
      at: fc.nat(good.length - 1),
      del: fc.nat(3),
      ins: fc.constantFrom("", '"', "\\", "0", "-", ".", "e", "{", "]", ",", ":", " ", "\t", "null", "tru", "\u0001", "1e5", "00", "🙂"),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }), (edits, live) => {
        let line = good;
        for (const { at, del, ins } of edits) line = line.slice(0, at) + ins + line.slice(at + del);
        // Most fields without json: with it the accelerator would never be asked.
        const plain = live.map((isLive, i) => isLive && fields[i].type.kind !== "json");
        agree([good, good, line, good], live, 1024);
        agree([good, good, line, good, line], plain, 3);
      }),
      { numRuns: 500 },
    );
  });
});

function agree(lines: readonly string[], live: readonly boolean[], maxRows: number): void {
  const expected = lines.filter((line) => line.trim() !== "").map((line) => oracle(line, live));
  for (const accelerated of [true, false]) {
    const { rows, deadLetters } = decode(lines.join("\n"), live, maxRows, accelerated);
    expect(rows).toEqual(expected.filter((cells) => cells !== null));
    expect(deadLetters.length).toBe(expected.filter((cells) => cells === null).length);
  }
}
