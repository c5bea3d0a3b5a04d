import { expect, test } from "vitest";
import type { OperatorHarness } from "../testing/operator-harness.ts";
import { endOfTime } from "../time/watermark.ts";
import { earlierPatternLayouts } from "./earlier-pattern-layouts.fixture.ts";
import { firstPatternLayouts } from "./first-pattern-layouts.fixture.ts";
import { endsOf, event, type PatternCase, patternHarness } from "./testing/pattern-fixture.ts";

/** Patterns whose state the fixtures of layouts hold, by name. */
const patterns: Readonly<Record<string, PatternCase>> = {
  "a fall and a rise": {
    keyBy: ["who"],
    withinMs: 40,
    stages: [
      { name: "start", where: "TRUE" },
      {
        name: "down",
        contiguity: "next",
        where: "price < COALESCE(LAST(down.price), FIRST(start.price))",
        times: { max: null, inner: "consecutive", greedy: true },
      },
      { name: "up", contiguity: "next", where: "price > LAST(down.price)" },
    ],
    measures: [...endsOf("start", "down"), { name: "mean", value: "AVG(down.price)" }],
  },
  "steps with a gap and an absence": {
    keyBy: ["who"],
    withinMs: 30,
    stages: [
      { name: "a", times: { min: 2, max: 3 } },
      { name: "b", contiguity: "followedByAny" },
      { name: "c", contiguity: "notFollowedBy" },
    ],
    measures: endsOf("a", "b"),
  },
};

const kinds = ["a", "b", "a", "a", "c", "b", "a", "b"];

/** Twelve times of two keys, prices that fall and rise. */
function records(from: number): Record<string, unknown>[] {
  return Array.from({ length: 12 }, (_, i) => {
    const at = from + i;
    return event(at, kinds[(at * 5) % kinds.length], at, at % 3 === 0 ? "é" : "w", ((at * 7) % 11) + 0.5);
  });
}

/** Leaves runs, events that wait, and a late one behind. */
function begin(harness: OperatorHarness): void {
  harness.send(records(0));
  harness.watermark(5);
  harness.send([event(5, "a"), ...records(12)]);
  harness.watermark(16);
}

function goOn(harness: OperatorHarness): void {
  harness.send(records(24));
  harness.watermark(30);
  harness.watermark(endOfTime);
}

const layouts = Object.keys(patterns).flatMap((name) => [
  { layout: 1, name, state: firstPatternLayouts[name] },
  ...Object.entries(earlierPatternLayouts).map(([layout, states]) => ({ layout: Number(layout), name, state: states[name] })),
]);

test.each(layouts)("state of $name is read as layout $layout wrote it", ({ name, state }) => {
  const of = patterns[name];
  const [straight, restored] = [patternHarness(of), patternHarness(of)];
  begin(straight);
  for (const port of straight.ports) straight.take(port);
  begin(restored);
  for (const port of restored.ports) restored.take(port);
  restored.restoreFrom(Uint8Array.fromBase64(state));
  goOn(straight);
  goOn(restored);
  for (const port of straight.ports) expect(restored.rows(port)).toEqual(straight.rows(port));
  expect(straight.rows().length).toBeGreaterThan(1);
});
