import { expect, test } from "vitest";
import { randomCase } from "./random-case.ts";
import { expectNoDifference } from "./random-pipelines.fixture.ts";

test("random pipelines of the first 5,000 seeds give the rows of the naive evaluation, in batches of any size and after any kill", async () => {
  await expectNoDifference(1);
}, 600_000);

test("one seed makes one case", () => {
  expect(randomCase(7)).toEqual(randomCase(7));
  expect(randomCase(7)).not.toEqual(randomCase(8));
});
