import { describe, expect, it } from "vitest";
import { SplitWatermarks } from "./split-watermarks.ts";
import type { WatermarkStrategy } from "./watermark.ts";

const strategy: WatermarkStrategy = { kind: "bounded", disorderMs: 10, idleTimeoutMs: 1000, nullTime: "drop" };

describe("watermarks of source splits", () => {
  it("is max - disorder - 1, and nothing before data", () => {
    const watermarks = new SplitWatermarks(strategy);
    expect(watermarks.advance()).toBeNull();
    watermarks.observe("a", 100, 0);
    expect(watermarks.advance()).toBe(89);
    watermarks.observe("a", 95, 0);
    expect(watermarks.advance()).toBeNull();
  });

  it("takes the minimum over active splits; a new split does not lower it", () => {
    const watermarks = new SplitWatermarks(strategy);
    watermarks.observe("a", 100, 0);
    watermarks.advance();
    watermarks.observe("b", 20, 0);
    expect(watermarks.advance()).toBeNull();
    watermarks.observe("a", 500, 0);
    expect(watermarks.advance()).toBeNull();
    watermarks.observe("b", 200, 0);
    expect(watermarks.advance()).toBe(189);
  });

  it("leaves idle splits out until they have records again; blocked time is no idleness", () => {
    const watermarks = new SplitWatermarks(strategy);
    watermarks.observe("a", 100, 0);
    watermarks.observe("b", 20, 0);
    expect(watermarks.advance()).toBe(9);
    watermarks.observe("a", 300, 900);
    watermarks.resume(950);
    expect(watermarks.checkIdle(1500)).toBe(false);
    watermarks.observe("a", 300, 1900);
    expect(watermarks.checkIdle(1950)).toBe(true);
    expect(watermarks.advance()).toBe(289);
    watermarks.observe("b", 30, 2000);
    expect(watermarks.advance()).toBeNull();
    expect(watermarks.idle).toBe(false);
  });

  it("ends a bounded source at the end of time, and survives a restore", () => {
    const watermarks = new SplitWatermarks(strategy);
    watermarks.observe("a", 100, 0);
    watermarks.advance();
    const restored = new SplitWatermarks(strategy);
    restored.restore(JSON.parse(JSON.stringify(watermarks.snapshot())), 0);
    expect(restored.emitted).toBe(89);
    restored.observe("a", 50, 0);
    expect(restored.advance()).toBeNull();
    expect(restored.end()).toBe(Number.POSITIVE_INFINITY);
    expect(restored.end()).toBeNull();
  });
});

describe("splits that are known before they have records", () => {
  const strategy = { kind: "bounded", disorderMs: 0, idleTimeoutMs: 100, nullTime: "drop" } as const;

  it("hold the watermark until they have one or are idle, and never lower it", () => {
    const watermarks = new SplitWatermarks(strategy);
    watermarks.register("a", 0);
    watermarks.register("b", 0);
    watermarks.observe("a", 50, 10);
    expect(watermarks.advance()).toBeNull();
    watermarks.observe("b", 20, 10);
    expect(watermarks.advance()).toBe(19);
    watermarks.register("c", 20);
    watermarks.register("a", 20);
    watermarks.observe("b", 60, 30);
    expect(watermarks.advance()).toBeNull();
    watermarks.observe("a", 70, 100);
    watermarks.observe("b", 80, 100);
    expect(watermarks.checkIdle(120)).toBe(true);
    expect(watermarks.advance()).toBe(69);
  });
});
