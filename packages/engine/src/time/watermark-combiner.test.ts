import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { endOfTime, noWatermark } from "./watermark.ts";
import { WatermarkCombiner } from "./watermark-combiner.ts";

describe("combining watermarks of inputs", () => {
  it("takes the minimum, and only ever rises", () => {
    const combiner = new WatermarkCombiner(2);
    expect(combiner.advance(0, 10)).toEqual({});
    expect(combiner.advance(1, 5)).toEqual({ watermark: 5 });
    expect(combiner.advance(1, 4)).toEqual({});
    expect(combiner.advance(1, 20)).toEqual({ watermark: 10 });
  });

  it("lets an idle input not hold back the others", () => {
    const combiner = new WatermarkCombiner(2);
    combiner.advance(0, 10);
    expect(combiner.markIdle(1)).toEqual({ watermark: 10 });
    expect(combiner.advance(1, 50)).toEqual({});
  });

  it("counts a returning input only once it has caught up", () => {
    const combiner = new WatermarkCombiner(2);
    combiner.advance(0, 10);
    combiner.advance(1, 3);
    combiner.markIdle(1);
    expect(combiner.watermark).toBe(10);
    combiner.markActive(1);
    expect(combiner.advance(0, 12)).toEqual({ watermark: 12 });
    expect(combiner.advance(1, 11)).toEqual({});
    expect(combiner.advance(1, 12)).toEqual({});
    expect(combiner.advance(0, 20)).toEqual({});
    expect(combiner.advance(1, 15)).toEqual({ watermark: 15 });
  });

  it("flushes to the maximum when the last input that held the minimum goes idle", () => {
    const combiner = new WatermarkCombiner(2);
    combiner.advance(0, 10);
    combiner.advance(1, 30);
    expect(combiner.markIdle(1)).toEqual({});
    expect(combiner.markIdle(0)).toEqual({ watermark: 30, status: "idle" });
    expect(combiner.idle).toBe(true);
    expect(combiner.markActive(1)).toEqual({ status: "active" });
  });

  it("goes on after a restore as if nothing had happened, and never goes back, whatever comes", () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant("advance" as const),
        input: fc.nat(2),
        watermark: fc.oneof(fc.integer({ min: -20, max: 60 }), fc.constantFrom(noWatermark, endOfTime)),
      }),
      fc.record({ kind: fc.constantFrom("idle" as const, "active" as const), input: fc.nat(2), watermark: fc.constant(0) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.nat(40), (steps, cut) => {
        const straight = new WatermarkCombiner(3);
        let restored = new WatermarkCombiner(3);
        let last = noWatermark;
        steps.forEach(({ kind, input, watermark }, i) => {
          if (i === cut) {
            const next = new WatermarkCombiner(3);
            next.restore(restored.snapshot());
            restored = next;
          }
          const apply = (combiner: WatermarkCombiner) =>
            kind === "advance"
              ? combiner.advance(input, watermark)
              : kind === "idle"
                ? combiner.markIdle(input)
                : combiner.markActive(input);
          const ahead = straight.ahead(input, watermark);
          const change = apply(straight);
          if (kind === "advance") expect(ahead).toBe(straight.watermark);
          expect(apply(restored)).toEqual(change);
          if (change.watermark !== undefined) {
            expect(change.watermark).toBeGreaterThan(last);
            last = change.watermark;
          }
        });
      }),
      { numRuns: 300 },
    );
  });
});
