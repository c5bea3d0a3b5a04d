import { expect, test } from "vitest";
import { fuzzPipelines } from "./fuzz-pipelines.ts";
import { randomCase } from "./random-case.ts";

/** Every kind of operator that random pipelines have, and in how many of 10,000 cases it is at least. */
const kinds = [
  "assign-windows",
  "branch",
  "calendar-window-aggregate",
  "count-window",
  "cumulate-window-aggregate",
  "deduplicate",
  "feature-flag",
  "filter",
  "hopping-window-aggregate",
  "interval-join",
  "key-by",
  "look-back",
  "lookup-join",
  "pattern-match",
  "project",
  "rate-limit",
  "regular-join",
  "running-aggregate",
  "sample",
  "session-window-aggregate",
  "temporal-join",
  "threshold-alert",
  "top-n",
  "tumbling-window-aggregate",
  "union",
  "unnest",
  "window-join",
];
const leastOfEach = 30;

test("10,000 random pipelines give the rows of the naive evaluation, in batches of any size and after any kill", async () => {
  const { failure, cases, operators, naiveSinks, sinks, rows } = await fuzzPipelines(1, 10_000);
  expect(failure?.report ?? "none").toBe("none");
  expect(cases).toBe(10_000);
  for (const kind of kinds) expect([kind, (operators.get(kind) ?? 0) >= leastOfEach]).toEqual([kind, true]);
  expect(naiveSinks / sinks).toBeGreaterThan(0.3);
  expect(rows).toBeGreaterThan(100_000);
}, 600_000);

test("one seed makes one case", () => {
  expect(randomCase(7)).toEqual(randomCase(7));
  expect(randomCase(7)).not.toEqual(randomCase(8));
});
