import { expect, test } from "vitest";
import { countLineFeeds, cutRecords } from "./record-cut.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

test("line feeds are counted at every alignment, and look-alikes are not", () => {
  const alike = "\n\x0b\t\x8a\n\n\n\n\n\x00\x09\nabc\r\n";
  const whole = bytesOf(alike.repeat(400));
  for (let from = 0; from < 9; from++) {
    for (const end of [0, 1, 5, whole.length - from - 3, whole.length - from]) {
      const bytes = whole.subarray(from);
      expect(countLineFeeds(bytes, end)).toBe([...bytes.subarray(0, end)].filter((byte) => byte === 10).length);
    }
  }
  expect(countLineFeeds(new Uint8Array(5000).fill(10), 5000)).toBe(5000);
});

test.each([
  ["json", "a\nb\nc", 4, 2],
  ["json", "abc", 0, 0],
  ["json", '"\n', 2, 1],
  ["csv", 'a,"b\nc"\nd', 8, 2],
  ["csv", 'a,"b\n', 0, 0],
  ["csv", 'a,"x ""\n"" y"\n', 14, 2],
  ["csv", "", 0, 0],
] as const)("%s records of %j end at %i, after %i lines", (format, text, end, lines) => {
  expect(cutRecords(bytesOf(text), format)).toEqual({ end, lines });
});
