import { expect, test } from "vitest";
import { fuzzPipelines } from "./fuzz-pipelines.ts";
import { randomCase } from "./random-case.ts";
import { expectNoDifference } from "./random-pipelines.fixture.ts";

test("random pipelines of the first 5,000 seeds give the rows of the naive evaluation, in batches of any size and after any kill", async () => {
  await expectNoDifference(1);
}, 600_000);

/** Beyond the first 10,000: rows that came back from disk together were lost. */
test("seed 52043 gives the same rows with few keys in memory", async () => {
  const { failure, cases } = await fuzzPipelines(52_043, 1);
  expect(failure?.report ?? "none").toBe("none");
  expect(cases).toBe(1);
});

test("one seed makes one case", () => {
  expect(randomCase(7)).toEqual(randomCase(7));
  expect(randomCase(7)).not.toEqual(randomCase(8));
});
