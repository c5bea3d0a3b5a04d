import { describe, expect, test } from "vitest";
import { LoadCurve } from "./load-curve.ts";

const options = { ratePerSecond: 20, seasonMs: 3_600_000, swing: 0.6, leadRecords: 0, leadMs: 0 };

describe("load curve", () => {
  test("arrivals rise, and are the same in whatever order they are asked for", () => {
    const forward = new LoadCurve(options);
    const times = Array.from({ length: 5000 }, (_, i) => forward.arrivalMs(i));
    for (let i = 1; i < times.length; i++) expect(times[i]).toBeGreaterThan(times[i - 1]);
    const backward = new LoadCurve(options);
    for (let i = times.length - 1; i >= 0; i--) expect(backward.arrivalMs(i)).toBe(times[i]);
  });

  test("a whole season holds the mean rate, its first half more", () => {
    const curve = new LoadCurve(options);
    expect(curve.firstIndexAt(3_600_000)).toBe(72_000);
    expect(curve.arrivalMs(72_000)).toBeCloseTo(3_600_000, 3);
    expect(curve.arrivalMs(72_000 * 1000)).toBeCloseTo(3_600_000_000, 0);
    // 20/s for half an hour, and the wave's first half on top: 0.6 * 3600 s * 20/s / 3.
    expect(curve.firstIndexAt(1_800_000)).toBe(36_000 + 14_400);
  });

  test("the number of arrivals in a second is the rate at that time", () => {
    const curve = new LoadCurve({ ...options, ratePerSecond: 1000 });
    for (const atMs of [1000, 500_000, 900_000, 1_800_000, 2_700_000, 3_599_000, 4_500_000]) {
      const seen = curve.firstIndexAt(atMs + 500) - curve.firstIndexAt(atMs - 500);
      expect(Math.abs(seen - 1000 * curve.ratePerMs(atMs))).toBeLessThanOrEqual(3);
    }
    expect(curve.ratePerMs(900_000)).toBeCloseTo(1.6);
    expect(curve.ratePerMs(2_700_000)).toBeCloseTo(0.4);
  });

  test("arrivalMs and firstIndexAt are each other's inverse, also with a lead", () => {
    for (const lead of [
      { leadRecords: 0, leadMs: 0 },
      { leadRecords: 500, leadMs: 10_000 },
    ]) {
      const curve = new LoadCurve({ ...options, swing: 0.9, ...lead });
      for (const index of [0, 1, 63, 64, 499, 500, 501, 9999, 71_999, 1_000_000]) {
        expect(Math.abs(curve.firstIndexAt(curve.arrivalMs(index)) - index)).toBeLessThanOrEqual(1);
      }
    }
  });

  test("a lead comes evenly before everything else", () => {
    const curve = new LoadCurve({ ...options, leadRecords: 1000, leadMs: 10_000 });
    expect([0, 500, 999].map((i) => curve.arrivalMs(i))).toEqual([0, 5000, 9990]);
    expect(curve.arrivalMs(1000)).toBe(10_000);
  });
});
