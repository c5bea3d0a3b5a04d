import { describe, expect, test } from "vitest";
import { generate, type Row } from "../testing/read-generator.ts";

const minuteMs = 60_000;

/** The visits of each visitor: clicks with pauses of at most 30 minutes. */
function visitsOf(rows: readonly Row[]): Row[][] {
  const visits: Row[][] = [];
  for (const clicks of Map.groupBy(rows, (row) => row.user_id).values()) {
    let visit: Row[] = [];
    for (const click of clicks) {
      const last = visit.at(-1);
      if (last !== undefined && Number(click.timestamp) - Number(last.timestamp) > 30 * minuteMs) {
        visits.push(visit);
        visit = [];
      }
      visit.push(click);
    }
    visits.push(visit);
  }
  return visits;
}

describe("clicks", () => {
  test.each([
    [20, 0.3],
    [2, 0.9],
  ])("at %d/s with a swing of %d, pauses are short within a visit and above 30 minutes between two", async (ratePerSecond, swing) => {
    const rows = await generate({ kind: "clicks", ratePerSecond, swing, count: ratePerSecond * 3600 * 4 }, ["user_id"]);
    let within = 0;
    let between = 0;
    let longestWithin = 0;
    let shortestBetween = Number.POSITIVE_INFINITY;
    for (const clicks of Map.groupBy(rows, (row) => row.user_id).values()) {
      for (let i = 1; i < clicks.length; i++) {
        const pauseMs = Number(clicks[i].timestamp) - Number(clicks[i - 1].timestamp);
        if (pauseMs <= 30 * minuteMs) within++;
        else between++;
        longestWithin = Math.max(longestWithin, pauseMs <= 30 * minuteMs ? pauseMs : 0);
        shortestBetween = Math.min(shortestBetween, pauseMs <= 30 * minuteMs ? shortestBetween : pauseMs);
      }
    }
    expect(longestWithin).toBeLessThan(8 * minuteMs);
    expect(shortestBetween).toBeGreaterThan(35 * minuteMs);
    expect(within).toBeGreaterThan(rows.length / 2);
    expect(between).toBeGreaterThan(500);
  });

  test("visits vary in length, and short ones are common", async () => {
    const visits = visitsOf(await generate({ kind: "clicks", count: 150_000 }, ["user_id"]));
    const lengths = visits.map((visit) => visit.length);
    const mean = lengths.reduce((a, b) => a + b, 0) / lengths.length;
    expect(mean).toBeGreaterThan(5);
    expect(mean).toBeLessThan(12);
    expect(lengths.filter((length) => length === 1).length / lengths.length).toBeGreaterThan(0.05);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(32);
  });

  test("a purchase ends a visit, after cart and checkout; the treatment group buys more often", async () => {
    const rows = await generate({ kind: "clicks", count: 400_000 });
    // The visits that are under way when the stream begins have lost their first clicks.
    const visits = visitsOf(rows).filter((visit) => Number(visit[0].timestamp) > Number(rows[0].timestamp) + 15 * minuteMs);
    const buying = visits.filter((visit) => visit.some((click) => click.action === "purchase"));
    for (const visit of buying) {
      expect(visit.slice(-3).map((click) => click.action)).toEqual(["add_to_cart", "checkout", "purchase"]);
      expect(visit.at(-1)?.page).toBe("/thanks");
    }
    const shareOf = (variant: string) => {
      const group = visits.filter((visit) => visit[0].variant === variant && visit.length >= 4);
      return group.filter((visit) => visit.some((click) => click.action === "purchase")).length / group.length;
    };
    expect(shareOf("treatment")).toBeGreaterThan(shareOf("control") * 1.3);
  });

  test("device and experiment belong to the visitor", async () => {
    const rows = await generate({ kind: "clicks", count: 60_000 }, ["user_id", "device", "feature", "variant"]);
    let exposed = 0;
    const byUser = Map.groupBy(rows, (row) => row.user_id);
    for (const clicks of byUser.values()) {
      for (const click of clicks) {
        expect([click.device, click.feature, click.variant]).toEqual([clicks[0].device, clicks[0].feature, clicks[0].variant]);
        expect(click.feature === null).toBe(click.variant === null);
      }
      if (clicks[0].feature !== null) exposed++;
    }
    expect(exposed / byUser.size).toBeCloseTo(0.6, 1);
  });
});
