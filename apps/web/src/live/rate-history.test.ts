import { expect, it } from "vitest";
import { historySeconds, RateHistory } from "./rate-history.ts";

const newest = (values: Float64Array, count: number): readonly number[] => [...values.slice(-count)];

it("keeps one value a second and leaves gaps at zero", () => {
  const history = new RateHistory();
  history.add(10_000, 1, 0);
  history.add(10_250, 2, 0);
  history.add(11_000, 3, 0);
  history.add(13_999, 4, 0);
  expect(newest(history.inPerSecond, 5)).toEqual([0, 2, 3, 0, 4]);
});

it("ignores what is older than the newest second", () => {
  const history = new RateHistory();
  history.add(20_000, 5, 6);
  history.add(19_000, 1, 1);
  expect(newest(history.outPerSecond, 2)).toEqual([0, 6]);
});

it("is empty again after a pause that is longer than it shows", () => {
  const history = new RateHistory();
  history.add(1000, 5, 5);
  history.add(1000 + historySeconds * 1000, 7, 7);
  expect(history.inPerSecond.reduce((sum, value) => sum + value, 0)).toBe(7);
});
