import { expect, test } from "vitest";
import { crashPoints } from "./crash-points.ts";
import { crashPointTable, simulate } from "./simulate.ts";
import { simulateMany } from "./simulate-many.ts";

const seeds = 10_000;

test("10,000 simulated lives lose nothing, write nothing twice, and hit every crash point", async () => {
  const { failure, crashPoints: hits } = await simulateMany(1, seeds);
  process.stdout.write(`crash points hit in ${seeds} seeds:\n${crashPointTable(hits)}\n`);
  expect(failure?.report ?? "none").toBe("none");
  for (const point of Object.keys(crashPoints).map(Number)) expect([point, (hits.get(point) ?? 0) > 0]).toEqual([point, true]);
}, 900_000);

test("one seed is always the same life", async () => {
  for (const seed of [3, 14, 159, 2653, 58979, 1000, 1001, 1002, 1003]) {
    const [first, second] = [await simulate(seed, { trace: true }), await simulate(seed, { trace: true })];
    expect(second.trace).toEqual(first.trace);
    expect(first.trace.length).toBeGreaterThan(20);
  }
}, 60_000);
