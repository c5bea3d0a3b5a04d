import { expect, it } from "vitest";
import { outcomeOf } from "./outcome-of.ts";

/** Vectors of our own in the forms of those of Kafka Streams, for what the collected ones leave out. */
type Side = "left" | "right";
const given = (side: Side, key: number | null, value: string | null, ts: number) => ({ side, key, value, ts });
const joined = (key: number | null, value: string, ts: number) => ({ key, value, ts });

function joinVector(
  mode: string,
  [beforeMs, afterMs, graceMs]: readonly number[],
  steps: readonly (readonly [object, readonly object[]])[],
) {
  const join = { type: "streamStream", mode, selfJoin: false, beforeMs, afterMs, graceMs, eagerOuterNulls: false, project: '"+"' };
  return { join, steps: steps.map(([input, expected]) => ({ input: [input], expected })) };
}

it("an inner join holds the records of each side by that side's own time", async () => {
  const vector = joinVector(
    "inner",
    [0, 10, 0],
    [
      [given("right", 1, "r", 20), []],
      [given("left", 2, "newer", 35), []],
      [given("left", 1, "l", 15), [joined(1, "l+r", 20)]],
      [given("right", 3, "newer", 30), []],
      [given("left", 1, "m", 15), []],
    ],
  );
  expect(await outcomeOf(vector)).toBe("passed");
});

it("a record without a key comes out of an outer join at once, and those that are over with the next that has one", async () => {
  const vector = joinVector(
    "outer",
    [5, 5, 0],
    [
      [given("left", 1, "l", 1), []],
      [given("right", null, "r", 20), [joined(null, "null+r", 20)]],
      [given("right", 2, null, 21), []],
      [given("right", 2, "s", 21), [joined(1, "l+null", 1)]],
    ],
  );
  expect(await outcomeOf(vector)).toBe("passed");
});

function windowVector(window: object, emit: string, records: readonly (readonly [string | null, number, number])[], expected: unknown) {
  const actions = records.map(([key, value, ts]) => ({ record: { key, value }, ts }));
  return {
    keyBy: ["key"],
    window: { graceMs: 0, time: "event", ...window },
    aggregates: [{ fn: "sum", field: "value", as: "value" }],
    emit,
    steps: [{ actions, expected }],
  };
}
const session = { kind: "session", gapMs: 2, graceMs: 5 };

it("a session has a row with every record, and one of a single time no tombstone before it", async () => {
  const rows = [1, 1].map((value) => ({ key: "A", windowStart: 3, lastTs: 3, value, ts: 3 }));
  const vector = windowVector(
    session,
    "onWindowUpdate",
    [
      ["A", 1, 3],
      ["A", 0, 3],
    ],
    rows,
  );
  expect(await outcomeOf(vector)).toBe("passed");
});

it("a session that closes at the last stream time is deliberately different", async () => {
  const rows = [{ key: "A", windowStart: 0, lastTs: 0, value: 6, ts: 0 }];
  const vector = windowVector(
    { ...session, graceMs: 0 },
    "onWindowClose",
    [
      ["A", 6, 0],
      ["B", 7, 2],
    ],
    rows,
  );
  expect(await outcomeOf(vector)).toBe("different");
});

it("records without a key are in no window, and no time", async () => {
  const rows = [{ key: "A", windowStart: 0, windowEnd: 10, value: 3 }];
  const tumbling = { kind: "tumbling", sizeMs: 10 };
  const vector = windowVector(
    tumbling,
    "onWindowClose",
    [
      ["A", 1, 0],
      [null, 9, 30],
      ["A", 2, 4],
      ["B", 0, 10],
    ],
    rows,
  );
  expect(await outcomeOf(vector)).toBe("passed");
});

it("what cannot be compared fails, and says why", async () => {
  const tumbling = windowVector({ kind: "tumbling", sizeMs: 10 }, "sometimes", [["A", 1, 0]], []);
  expect(await outcomeOf(tumbling)).toBe('"sometimes" is neither on update nor on close: there is nothing to compare');
  const sliding = windowVector({ kind: "sliding", diffMs: 10 }, "onWindowClose", [["A", 1, 0]], []);
  expect(await outcomeOf(sliding)).toContain('there are no windows of kind "sliding"');
});
