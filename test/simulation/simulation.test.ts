import { expect, test } from "vitest";
import { simulate } from "./simulate.ts";
import { expectNothingLost } from "./simulated-lives.fixture.ts";

test("the first 5,000 simulated lives lose nothing, write nothing twice, and hit every crash point", async () => {
  await expectNothingLost(1);
}, 900_000);

test("one seed is always the same life", async () => {
  for (const seed of [3, 14, 159, 2653, 58979, 1000, 1001, 1002, 1003]) {
    const [first, second] = [await simulate(seed, { trace: true }), await simulate(seed, { trace: true })];
    expect(second.trace).toEqual(first.trace);
    expect(first.trace.length).toBeGreaterThan(20);
  }
}, 60_000);
