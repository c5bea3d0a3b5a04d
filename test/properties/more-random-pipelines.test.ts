import { test } from "vitest";
import { expectNoDifference } from "./random-pipelines.fixture.ts";

test("random pipelines of the next 5,000 seeds give the rows of the naive evaluation, in batches of any size and after any kill", async () => {
  await expectNoDifference(5001);
}, 600_000);
