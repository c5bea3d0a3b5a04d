import { expect } from "vitest";
import { crashPoints } from "./crash-points.ts";
import { crashPointTable } from "./simulate.ts";
import { simulateMany } from "./simulate-many.ts";

const seeds = 5000;

/** Holds 5,000 simulated lives from a seed on to their promise; two files do it, so that two cores share the work. */
export async function expectNothingLost(firstSeed: number): Promise<void> {
  const { failure, crashPoints: hits } = await simulateMany(firstSeed, seeds);
  process.stdout.write(`crash points hit in ${seeds} seeds:\n${crashPointTable(hits)}\n`);
  expect(failure?.report ?? "none").toBe("none");
  for (const point of Object.keys(crashPoints).map(Number)) expect([point, (hits.get(point) ?? 0) > 0]).toEqual([point, true]);
}
