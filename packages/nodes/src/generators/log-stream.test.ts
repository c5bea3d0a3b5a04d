import { describe, expect, test } from "vitest";
import { generate, type Row } from "../testing/read-generator.ts";

const minuteMs = 60_000;

/** Errors per service in every window of 5 minutes that begins on a whole minute, by brute force. */
function errorsPerWindow(rows: readonly Row[]): Map<string, Map<number, number>> {
  const counts = new Map<string, Map<number, number>>();
  for (const row of rows) {
    if (row.level !== "ERROR") continue;
    const service = String(row.service);
    const windows = counts.get(service) ?? new Map<number, number>();
    counts.set(service, windows);
    const last = Math.floor(Number(row.timestamp) / minuteMs) * minuteMs;
    for (let start = last; start > last - 5 * minuteMs; start -= minuteMs) windows.set(start, (windows.get(start) ?? 0) + 1);
  }
  return counts;
}

const fields = ["service", "level"];
const startMs = Date.UTC(2026, 4, 1, 10, 17, 23, 456);

describe("error spikes", () => {
  test.each([1, 2, 3, 4, 5])("seed %d: every spike is above 100 errors in 5 minutes, everything else below", async (seed) => {
    // 65 minutes: spikes at 7.5 and 37.5 min.
    const rows = await generate({ kind: "logs", seed, start: startMs, count: 30 * 60 * 65, disorderMs: 5000 }, fields);
    const spikesAt = [7.5, 37.5].map((minutes) => startMs + minutes * minuteMs);
    const victims = spikesAt.map((atMs) => {
      const during = rows.filter(
        (row) => row.level === "ERROR" && Number(row.timestamp) >= atMs && Number(row.timestamp) < atMs + minuteMs,
      );
      const byService = [...Map.groupBy(during, (row) => String(row.service))].sort((a, b) => b[1].length - a[1].length);
      return byService[0][0];
    });
    for (const [service, windows] of errorsPerWindow(rows)) {
      for (const [windowStart, errors] of windows) {
        const holdsSpike = spikesAt.some(
          (atMs, k) => victims[k] === service && windowStart <= atMs - 5000 && windowStart + 5 * minuteMs >= atMs + minuteMs,
        );
        const touchesSpike = spikesAt.some(
          (atMs, k) => victims[k] === service && windowStart < atMs + minuteMs && windowStart + 5 * minuteMs > atMs - 5000,
        );
        if (holdsSpike) expect(errors).toBeGreaterThan(150);
        else if (!touchesSpike) expect(errors).toBeLessThan(50);
      }
    }
  });

  test("the size of a spike does not depend on the rate", async () => {
    for (const ratePerSecond of [10, 100]) {
      const rows = await generate(
        { kind: "logs", seed: 9, start: 0, errorShare: 0, count: ratePerSecond * 60 * 12, ratePerSecond, swing: 0 },
        fields,
      );
      const errors = rows.filter((row) => row.level === "ERROR").length;
      expect(errors).toBeGreaterThan(190);
      expect(errors).toBeLessThan(290);
    }
  });

  test("can be turned off", async () => {
    const rows = await generate({ kind: "logs", spikeEveryMs: null, errorShare: 0, count: 60_000 }, fields);
    expect(rows.filter((row) => row.level === "ERROR")).toEqual([]);
  });
});

test("records are consistent in themselves", async () => {
  const rows = await generate({ kind: "logs", count: 30_000 });
  for (const row of rows) {
    expect(String(row.host).startsWith(`${String(row.service)}-`)).toBe(true);
    const status = Number(row.status);
    if (row.level === "ERROR") expect(status).toBeGreaterThanOrEqual(500);
    else if (row.level === "WARN") expect(status >= 400 && status < 500).toBe(true);
    else expect(status).toBeLessThan(400);
    expect(Number(row.latency_ms)).toBeGreaterThan(0);
    expect(row.trace_id).toMatch(/^[0-9a-f]{16}$/);
  }
  expect(new Set(rows.map((row) => row.trace_id)).size).toBe(30_000);
  expect(new Set(rows.map((row) => row.service)).size).toBe(10);
  expect(new Set(rows.map((row) => row.level))).toEqual(new Set(["DEBUG", "INFO", "WARN", "ERROR"]));
});
