import { expect, test } from "vitest";
import { plantedBugs } from "./planted-bugs.ts";
import { simulateMany } from "./simulate-many.ts";

const mostSeeds = 1000;

test.each(Object.entries(plantedBugs))(
  "when %s, a simulation finds it",
  async (name, wiring) => {
    const { failure, seeds } = await simulateMany(1, mostSeeds, wiring);
    process.stdout.write(`found after ${seeds} seeds: ${name}\n`);
    expect(failure).not.toBeNull();
  },
  120_000,
);
