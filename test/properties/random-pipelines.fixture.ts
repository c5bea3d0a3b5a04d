import { expect } from "vitest";
import { fuzzPipelines } from "./fuzz-pipelines.ts";

/** Every kind of operator that random pipelines have, and in how many of 5,000 cases it is at least. */
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
const leastOfEach = 15;

/** Holds 5,000 random pipelines from a seed on to the naive evaluation; two files do it, so that two cores share the work. */
export async function expectNoDifference(firstSeed: number): Promise<void> {
  const { failure, cases, operators, naiveSinks, sinks, rows } = await fuzzPipelines(firstSeed, 5000);
  expect(failure?.report ?? "none").toBe("none");
  expect(cases).toBe(5000);
  for (const kind of kinds) expect([kind, (operators.get(kind) ?? 0) >= leastOfEach]).toEqual([kind, true]);
  expect(naiveSinks / sinks).toBeGreaterThan(0.3);
  expect(rows).toBeGreaterThan(50_000);
}
