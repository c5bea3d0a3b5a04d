import { test } from "vitest";
import { expectNothingLost } from "./simulated-lives.fixture.ts";

test("the next 5,000 simulated lives lose nothing, write nothing twice, and hit every crash point", async () => {
  await expectNothingLost(5001);
}, 900_000);
