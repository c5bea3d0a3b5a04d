import { describe, expect, it } from "vitest";
import { agoWords, durationWords } from "./durations.ts";
import { bytesWords, countWords, plural, rateWords, shareWords, shortNumber, thinSpace } from "./numbers.ts";
import { clockWords, timeWords, utcWords } from "./times.ts";

describe("numbers", () => {
  it.each([
    [0, "0"],
    [0.04, "0"],
    [0.44, "0.4"],
    [9.96, "10"],
    [999.4, "999"],
    [999.6, "1k"],
    [1234, "1.2k"],
    [9949, "9.9k"],
    [48_200, "48k"],
    [999_600, "1M"],
    [3_140_000, "3.1M"],
    [2_000_000_000, "2G"],
    [Number.NaN, "–"],
    [Number.POSITIVE_INFINITY, "–"],
  ])("shortens %d to %s", (value, words) => expect(shortNumber(value)).toBe(words));

  it("writes rates, counts, sizes and shares with their units", () => {
    expect(rateWords(1200)).toBe("1.2k/s");
    expect(countWords(1_234_567)).toBe(`1${thinSpace}234${thinSpace}567`);
    expect(countWords(-1200)).toBe(`−1${thinSpace}200`);
    expect(plural(1, "record")).toBe("1 record");
    expect(plural(0, "entry", "entries")).toBe("0 entries");
    expect(bytesWords(812)).toBe(`812${thinSpace}B`);
    expect(bytesWords(1_468_006)).toBe(`1.4${thinSpace}MB`);
    expect(bytesWords(1_047_552)).toBe(`1${thinSpace}MB`);
    expect(shareWords(0.618)).toBe(`62${thinSpace}%`);
  });
});

describe("durations", () => {
  it.each([
    [0, "0 ms"],
    [850, "850 ms"],
    [999.7, "1 s"],
    [4200, "4.2 s"],
    [9960, "10 s"],
    [59_600, "1 min"],
    [300_000, "5 min"],
    [305_000, "5 min 5 s"],
    [4_800_000, "1 h 20 min"],
    [7_199_000, "2 h"],
    [86_399_000, "1 d"],
    [273_600_000, "3 d 4 h"],
    [-5000, "−5 s"],
    [Number.NaN, "–"],
  ])("says %d ms as %s", (ms, words) => expect(durationWords(ms)).toBe(words));

  it.each([
    [500, "just now"],
    [12_400, "12 s ago"],
    [3_599_000, "59 min ago"],
    [90_000_000, "1 d ago"],
  ])("says %d ms ago as %s", (ms, words) => expect(agoWords(ms)).toBe(words));
});

describe("times", () => {
  const noon = Date.UTC(2026, 2, 12, 12, 3, 12, 45);

  it("gives UTC for the hover", () => expect(utcWords(noon)).toBe("2026-03-12 12:03:12.045 UTC"));

  it("leaves out what today and this year make clear", () => {
    expect(timeWords(noon, noon + 1000)).toBe(clockWords(noon));
    expect(timeWords(noon, noon + 40 * 86_400_000)).toMatch(/^1[123] Mar \d\d:03$/);
    expect(timeWords(noon, noon + 400 * 86_400_000)).toMatch(/^1[123] Mar 2026 \d\d:03$/);
  });

  it("has no word for no time", () => {
    expect(clockWords(null)).toBe("–");
    expect(utcWords(9e15)).toBe("");
  });
});
