import { describe, expect, test } from "vitest";
import { generate, type Row } from "../testing/read-generator.ts";

const minuteMs = 60_000;

/** Rows of one customer in a span of time. */
function between(rows: readonly Row[], fromMs: number, toMs: number): Row[] {
  return rows.filter((row) => Number(row.timestamp) >= fromMs && Number(row.timestamp) < toMs);
}

describe("payments", () => {
  test.each([1, 5, 40])("at %d/s, each burst is six small payments and a large one of one customer, from abroad", async (ratePerSecond) => {
    const rows = await generate({
      kind: "payments",
      seed: 2,
      start: 0,
      ratePerSecond,
      burstEveryMs: 10 * minuteMs,
      count: ratePerSecond * 60 * 33,
    });
    for (const atMinute of [2.5, 12.5, 22.5]) {
      const around = between(rows, atMinute * minuteMs - 2000, (atMinute + 2) * minuteMs);
      const bursts = [...Map.groupBy(around, (row) => row.customer_id).values()].filter(
        (own) => own.filter((row) => Number(row.amount) < 5).length >= 6,
      );
      expect(bursts.length).toBe(1);
      const burst = bursts[0].filter((row) => row.country === bursts[0][0].country);
      expect(burst.length).toBe(7);
      expect(burst.slice(0, 6).every((row) => Number(row.amount) >= 0.5 && Number(row.amount) < 5)).toBe(true);
      expect(Number(burst[6].amount)).toBeGreaterThanOrEqual(600);
      expect(burst[6].status).toBe("approved");
      expect(Number(burst[6].timestamp) - Number(burst[0].timestamp)).toBeLessThan(90_000);
    }
  });

  test("ordinary payments are near the usual amount, and hardly ever declined", async () => {
    const rows = await generate({ kind: "payments", burstEveryMs: null, customers: 500, count: 100_000 });
    const profiles = await generate({ kind: "crm", customers: 500, count: 500 });
    const usual = new Map(profiles.map((row) => [row.customer_id, Number(row.usual_amount)]));
    expect(usual.size).toBe(500);
    const high = rows.filter((row) => Number(row.amount) > 3 * (usual.get(row.customer_id) ?? 0)).length / rows.length;
    expect(high).toBeGreaterThan(0.001);
    expect(high).toBeLessThan(0.03);
    expect(rows.filter((row) => row.status === "declined").length / rows.length).toBeCloseTo(0.04, 2);
    for (const row of rows) expect(Number(row.amount)).toBe(Math.round(Number(row.amount) * 100) / 100);
  });
});

describe("CRM", () => {
  test("begins with every customer once, in ten seconds, then changes some", async () => {
    const rows = await generate({ kind: "crm", start: 0, customers: 1000, ratePerSecond: 2, swing: 0, count: 3000 });
    const first = rows.slice(0, 1000);
    expect(new Set(first.map((row) => row.customer_id)).size).toBe(1000);
    expect(Number(first[999].timestamp)).toBeLessThan(10_000);
    const later = rows.slice(1000);
    expect(Number(later[0].timestamp)).toBeGreaterThanOrEqual(10_000);
    expect((Number(later[1999].timestamp) - 10_000) / 1000).toBeCloseTo(1000, -2);
    expect(later.some((row) => row.blocked === true)).toBe(true);
    expect(new Set(later.map((row) => row.tier))).toEqual(new Set(["new", "standard", "gold"]));
  });
});
