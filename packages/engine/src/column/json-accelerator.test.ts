import { describe, expect, it } from "vitest";
import { bigintType, booleanType, doubleType, type Field, stringType } from "../types/field-type.ts";
import { createJsonAccelerator } from "./json-accelerator.ts";
import { JsonScanner } from "./json-scanner.ts";
import { RowColumns } from "./row-columns.ts";

const fields: readonly Field[] = [
  { name: "id", type: bigintType },
  { name: "amount", type: doubleType },
  { name: "name", type: stringType },
  { name: "ok", type: booleanType },
];
const live = fields.map(() => true);

/** Lines after the first, which teaches the shape; how many the accelerator takes, and the cells. */
function accelerate(first: string, ...lines: string[]) {
  const columns = new RowColumns(fields, live);
  const scanner = new JsonScanner(fields, live, columns);
  const accelerator = createJsonAccelerator(fields, live, columns);
  if (accelerator === null) throw new Error("this host has no WebAssembly with vectors");
  const bytes = new TextEncoder().encode([first, ...lines].join("\n"));
  columns.reset();
  scanner.begin(bytes);
  accelerator.begin(bytes);
  const at = scanner.scan(0);
  if (!accelerator.expects(scanner)) throw new Error("the shape does not fit");
  return { rows: accelerator.scan(at, 100), rest: new TextDecoder().decode(bytes.subarray(accelerator.stop)), columns };
}

const good = '{"id":1,"amount":-2.5,"name":"a","ok":true,"other":[{"x":"\\u00e9 ]}"},-1.5e+7,null]}';

describe("the JSON accelerator", () => {
  it("takes all lines of the known shape, and fills the columns", () => {
    const { rows, rest, columns } = accelerate(good, good, '{"id":null,"amount":0.1,"name":"bc","ok":false}\r', good);
    expect({ rows, rest }).toEqual({ rows: 3, rest: "" });
    expect([...columns.valid[0].subarray(0, 3)]).toEqual([1, 0, 1]);
    expect([...columns.numbers[1].subarray(0, 3)]).toEqual([-2.5, 0.1, -2.5]);
    expect([...columns.ids[2].subarray(0, 3)].map((id) => columns.dictionaries[2]?.dictionary.text(id))).toEqual(["a", "bc", "a"]);
    expect([...columns.booleans[3].subarray(0, 3)]).toEqual([1, 0, 1]);
  });

  it("takes lines of several kinds, each with members of its own, and keeps no cell of one for another", () => {
    const kinds = ['{"kind":"a","id":1,"name":"x"}', '{"kind":"b","amount":2.5}', '{"kind":"b","id":3}', '{"ok":true}'];
    const columns = new RowColumns(fields, live);
    const scanner = new JsonScanner(fields, live, columns);
    const accelerator = createJsonAccelerator(fields, live, columns);
    const bytes = new TextEncoder().encode([...kinds, ...kinds, '{"ok":"?"}', ...kinds].join("\n"));
    columns.reset();
    scanner.begin(bytes);
    accelerator?.begin(bytes);
    let at = 0;
    for (const _kind of kinds) {
      at = scanner.scan(at);
      columns.dropRow();
    }
    columns.reset();
    expect(accelerator?.expects(scanner)).toBe(true);
    expect(accelerator?.scan(at, 100)).toBe(4);
    const validity = () => columns.valid.map((valid) => [...valid.subarray(0, 4)]);
    const expected = [
      [1, 0, 1, 0],
      [0, 1, 0, 0],
      [1, 0, 0, 0],
      [0, 0, 0, 1],
    ];
    expect(validity()).toEqual(expected);
    columns.reset();
    // The line that ended the first scan had set a cell of its row.
    const after = new TextDecoder().decode(bytes).indexOf('{"ok":"?"}') + '{"ok":"?"}\n'.length;
    expect(accelerator?.scan(after, 100)).toBe(4);
    expect(validity()).toEqual(expected);
  });

  it("forgets members that nothing repeats, and goes on", () => {
    const columns = new RowColumns(fields, live);
    const scanner = new JsonScanner(fields, live, columns);
    const lines = Array.from({ length: 400 }, (_, i) => `{"x${i % 50}":${i},"y${i}":0,"id":${i}}`);
    const bytes = new TextEncoder().encode(lines.join("\n"));
    columns.reset();
    scanner.begin(bytes);
    for (let at = 0, line = 0; at < bytes.length; line++) {
      at = scanner.scan(at);
      expect(columns.numbers[0][0]).toBe(line);
      columns.dropRow();
    }
    expect(scanner.known.generation).toBeGreaterThan(0);
    expect(scanner.known.all.length).toBeLessThanOrEqual(240);
  });

  it.each([
    ["another member", '{"id":1,"amont":2}'],
    ["one member more", `${good.slice(0, -1)},"more":1}`],
    ["an escape in what is read", '{"id":1,"amount":1,"name":"a\\n"}'],
    ["text beyond ASCII", '{"id":1,"amount":1,"name":"é"}'],
    ["a fraction for a whole number", '{"id":1.5}'],
    ["an exponent where it is read", '{"id":1,"amount":1e5}'],
    ["16 digits", '{"id":1234567890123456}'],
    ["a leading zero", '{"id":01}'],
    ["text for a number", '{"id":"1"}'],
    ["an unknown escape", '{"id":1,"amount":1,"name":"a","ok":true,"other":"\\x"}'],
    ["a control character", '{"id":1,"amount":1,"name":"a","ok":true,"other":"\u0001"}'],
    ["deep nesting", `{"id":1,"amount":1,"name":"a","ok":true,"other":${"[".repeat(65)}${"]".repeat(65)}}`],
    ["a record that is cut off", '{"id":1,"amount":1,"name":"a'],
    ["a number at the end of the bytes", '{"id":1'],
    ["something after the record", `${good} x`],
    ["a blank line", ""],
  ])("stops before %s", (_what, line) => {
    const { rows, rest } = accelerate(good, good, line);
    expect({ rows, rest }).toEqual({ rows: 1, rest: line });
  });
});
