import { expect, test } from "vitest";
import { durationWords } from "./duration-words.ts";
import { numberWords } from "./number-words.ts";

test.each([
  [0, "0 s"],
  [250, "250 ms"],
  [300_000, "5 min"],
  [4_800_000, "1 h 20 min"],
  [90_061_001, "1 d 1 h 1 min 1 s 1 ms"],
])("%d ms is said %s", (ms, words) => {
  expect(durationWords(ms)).toBe(words);
});

test.each([
  [7, "7"],
  [999, "999"],
  [1000, "1\u2009000"],
  [1234567.25, "1\u2009234\u2009567.25"],
  [-1500, "-1\u2009500"],
])("%d is written %s", (value, words) => {
  expect(numberWords(value)).toBe(words);
});
