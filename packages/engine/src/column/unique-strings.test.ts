import fc from "fast-check";
import { expect, test } from "vitest";
import { bigintType, type Field, stringType } from "../types/field-type.ts";
import { valueAt } from "./column.ts";
import { createJsonDecoder } from "./json-decoder.ts";

const fields: readonly Field[] = [
  { name: "id", type: stringType },
  { name: "n", type: bigintType },
  { name: "text", type: stringType },
];
const texts = fc.oneof(
  { weight: 8, arbitrary: fc.stringMatching(/^[a-z ]{0,90}$/) },
  { weight: 1, arbitrary: fc.constantFrom("", "é", 'a "quoted" one', "x".repeat(3000), "tab\t") },
);
/** Members of a line in text; the first line of a kind teaches it, most repeat one. */
const lines = fc.record({ text: fc.option(texts, { freq: 12 }), kind: fc.nat({ max: 40 }), broken: fc.nat({ max: 200 }) });

function lineOf(i: number, { text, kind, broken }: { text: string | null; kind: number; broken: number }): string {
  const id = JSON.stringify(`id ${i}`);
  if (broken === 0) return `{"id":${id},"n":${i},"text":"cut`;
  if (kind === 0) return `{"id":${id},"n":${i}}`;
  if (kind === 1) return `{"id":${id},"n":${i},"text":"first","text":${JSON.stringify(text)}}`;
  if (kind === 2) return `{"text":${JSON.stringify(text)},"n":null,"id":${id}}`;
  return `{"id":${id},"n":${i},"text":${JSON.stringify(text)}}`;
}

/** A record as JSON.parse has it; null where it has none. */
function parsed(line: string): readonly unknown[] | null {
  try {
    const record: Record<string, unknown> = JSON.parse(line);
    return fields.map(({ name }) => record[name] ?? null);
  } catch {
    return null;
  }
}

test("strings that come once each are read as JSON.parse reads them, batch after batch, whatever stands between them", () => {
  const some = fc.array(lines, { minLength: 40, maxLength: 60 });
  fc.assert(
    fc.property(
      some,
      fc.constantFrom(7, 600, 1000, 1024),
      fc.integer({ min: 300, max: 3000 }),
      fc.boolean(),
      (drawn, most, perChunk, all) => {
        const decoder = createJsonDecoder(fields, [all, true, true]);
        // Strings are packed when 2048 of them have hardly repeated.
        const texts = Array.from({ length: 6000 }, (_, i) => {
          const line = drawn[(i * 7) % drawn.length];
          return lineOf(i, { ...line, text: line.text === null ? null : `${line.text}${i}` });
        });
        const got: unknown[][] = [];
        for (let from = 0; from < texts.length; from += perChunk) {
          decoder.begin(new TextEncoder().encode(texts.slice(from, from + perChunk).join("\n")), 2);
          for (let decoded = decoder.next(most); decoded !== null; decoded = decoder.next(most)) {
            const { batch } = decoded;
            for (let row = 0; row < batch.length; row++)
              got.push(batch.columns.map((column) => (column === null ? undefined : valueAt(column, row))));
          }
        }
        const expected = texts.flatMap((line) => {
          const record = parsed(line);
          return record === null ? [] : [all ? record : [undefined, ...record.slice(1)]];
        });
        expect(got.length).toBe(expected.length);
        expect(got.findIndex((record, i) => JSON.stringify(record) !== JSON.stringify(expected[i]))).toBe(-1);
      },
    ),
    { numRuns: 12 },
  );
});
