import { writeDuration } from "@millrace/engine";
import { durationWords } from "@millrace/nodes";
import fc from "fast-check";
import { expect, it } from "vitest";
import { parseDurationWords } from "./parse-duration-words.ts";

it.each([
  ["5m", 300_000],
  ["5 min", 300_000],
  ["1 h 20 min", 4_800_000],
  ["1.5 hours", 5_400_000],
  ["0,5 s", 500],
  ["2 days, 3 hours and 1 minute", 183_660_000],
  ["250ms", 250],
  ["0 s", 0],
  ["", null],
  ["5", null],
  ["5m; drop", null],
  ["-1 s", null],
  ["5 parsecs", null],
  ["m5", null],
])("reads %j", (text, ms) => {
  expect(parseDurationWords(text)).toBe(ms);
});

it("reads what it shows", () => {
  fc.assert(
    fc.property(fc.nat(2_000_000_000), (ms) => {
      expect(parseDurationWords(durationWords(ms))).toBe(ms);
      expect(parseDurationWords(writeDuration(ms))).toBe(ms);
    }),
  );
});
