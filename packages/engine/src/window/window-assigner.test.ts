import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSliceLayout } from "./slice-layout.ts";
import { tumbleStart, windowsOf } from "./window-assigner.ts";

describe("tumbleStart", () => {
  test.each([
    [0, 10, 0, 0],
    [9, 10, 0, 0],
    [10, 10, 0, 10],
    [-1, 10, 0, -10],
    [-10, 10, 0, -10],
    [-11, 10, 0, -20],
    [2, 10, 3, -7],
    [3, 10, 3, 3],
    [2, 10, -7, -7],
    [1_700_000_123_456, 3_600_000, 1_800_000, 1_699_997_400_000],
  ])("%i in windows of %i with offset %i starts at %i", (time, size, offset, start) => {
    expect(tumbleStart(time, size, offset)).toBe(start);
  });
});

describe("windowsOf", () => {
  test("hopping windows come earliest first", () => {
    expect(windowsOf({ kind: "hopping", sizeMs: 10, slideMs: 4, offsetMs: 1 }, 9).map(({ startMs }) => startMs)).toEqual([1, 5, 9]);
  });

  test("between windows there is none", () => {
    const window = { kind: "hopping" as const, sizeMs: 4, slideMs: 10, offsetMs: 0 };
    expect(windowsOf(window, 3)).toEqual([{ startMs: 0, endMs: 4 }]);
    expect(windowsOf(window, 4)).toEqual([]);
  });
});

test("slices tell the same windows as the assigner, and each is whole inside or outside of a window", () => {
  const span = fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 10_000_000 }));
  const time = fc.oneof(fc.integer({ min: -300, max: 300 }), fc.integer({ min: -(2 ** 50), max: 2 ** 50 }));
  fc.assert(
    fc.property(span, span, fc.integer({ min: -100, max: 100 }), time, (size, slide, offsetMs, at) => {
      const sizeMs = Math.min(size, slide * 50);
      const window = { kind: "hopping" as const, sizeMs, slideMs: slide, offsetMs };
      const layout = createSliceLayout(window);
      const slice = layout.sliceAt(at);
      expect(layout.sliceStartMs(slice)).toBeLessThanOrEqual(at);
      expect(layout.sliceEndMs(slice)).toBeGreaterThan(at);
      const starts: number[] = [];
      for (let k = layout.firstWindow(slice); k <= layout.lastWindow(slice); k++) {
        starts.push(layout.windowStartMs(k));
        expect(slice).toBeGreaterThanOrEqual(layout.firstSlice(k));
        expect(slice).toBeLessThan(layout.endSlice(k));
        expect(layout.sliceStartMs(layout.firstSlice(k))).toBe(layout.windowStartMs(k));
        expect(layout.sliceStartMs(layout.endSlice(k))).toBe(layout.windowStartMs(k) + sizeMs);
      }
      expect(starts).toEqual(windowsOf(window, at).map(({ startMs }) => startMs));
    }),
  );
});
