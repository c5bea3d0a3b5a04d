import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkExpression } from "../expression/check-expression.ts";
import type { TypedExpression } from "../expression/typed-expression.ts";
import { noWatermark } from "../time/watermark.ts";
import { setUpSource, source } from "./source-task.fixture.ts";

function expression(text: string): TypedExpression {
  const checked = checkExpression(text, source.fields, {});
  if (!checked.ok) throw new Error(checked.diagnostics.map(({ message }) => message).join());
  return checked.value;
}

const punctuated = (text: string, changes: object = {}) => ({
  watermark: { ...source.watermark, kind: "punctuated" as const, disorderMs: 0, ...changes },
  punctuation: expression(text),
});

describe("a punctuated watermark", () => {
  it("moves with the records for which the condition is TRUE, to just before their time", () => {
    const { log, feed, workAll, task } = setUpSource(punctuated("id >= 10"));
    feed({ t: 100, id: 1 }, { t: 300, id: 2 }, { t: 200, id: 10 }, { t: 200, id: 3 }, { t: 150, id: 4 }, { t: 500, id: null });
    workAll();
    expect(log).toEqual(["1", "2", "10", "3", "W199", "4", "null"]);
    expect(task.watermark).toBe(199);
  });

  it("moves to just before the time that the expression gives, and never back", () => {
    const { log, feed, workAll } = setUpSource(punctuated("CASE WHEN id < 10 THEN id END"));
    feed({ t: 900, id: 5 }, { t: 100, id: 3 }, { t: 100, id: 100 }, { t: 100, id: 9 });
    workAll();
    expect(log).toEqual(["5", "3", "100", "9", "W8"]);
  });

  it("is not moved by a record that is refused for want of a time", () => {
    const { task, feed, workAll, letters } = setUpSource(punctuated("id"));
    feed({ id: 50 });
    workAll();
    expect(task.watermark).toBe(noWatermark);
    expect(letters).toHaveLength(1);
  });

  const record = fc.record({ t: fc.integer({ min: 0, max: 400 }), id: fc.integer({ min: 0, max: 12 }), split: fc.constantFrom("a", "b") });
  it("gives what a naive reading of the records gives, in chunks of any size and over a restart", () => {
    fc.assert(
      fc.property(
        fc.array(record, { maxLength: 30 }),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 0, max: 30 }),
        (records, size, cut) => {
          let current = setUpSource(punctuated("id >= 10"));
          const log: string[] = [];
          for (let at = 0; at < records.length; ) {
            if (at >= cut && log.at(-1) !== "restart") {
              log.push(...current.log, "restart");
              current = setUpSource(punctuated("id >= 10"), JSON.parse(JSON.stringify(current.task.snapshot())));
            }
            let to = at;
            while (to < records.length && to - at < size && records[to].split === records[at].split) to++;
            current.feedTo(records[at].split, ...records.slice(at, to).map(({ t, id }) => ({ t, id })));
            current.workAll();
            at = to;
          }
          log.push(...current.log);
          expect(
            lateIds(
              log.filter((entry) => entry !== "restart"),
              records,
            ),
          ).toEqual(naivelyLate(records));
        },
      ),
      { numRuns: 200 },
    );
  });
});

type Records = readonly { readonly t: number; readonly id: number; readonly split: string }[];

/** By record, in order: whether it came behind the watermark. */
function lateIds(log: readonly string[], records: Records): readonly boolean[] {
  const late: boolean[] = [];
  let watermark = noWatermark;
  for (const entry of log) {
    if (entry.startsWith("W")) watermark = Number(entry.slice(1));
    else late.push(records[late.length].t <= watermark);
  }
  return late;
}

function naivelyLate(records: Records): readonly boolean[] {
  const splits = new Map<string, number>();
  let watermark = noWatermark;
  return records.map(({ t, id, split }) => {
    const isLate = t <= watermark;
    splits.set(split, Math.max(splits.get(split) ?? noWatermark, id >= 10 ? t - 1 : noWatermark));
    watermark = Math.max(watermark, Math.min(...splits.values()));
    return isLate;
  });
}

describe("records ahead of the clock, which stands at 5000", () => {
  const guarded = (policy: "dead-letter" | "hold") => ({ watermark: { ...source.watermark, future: { aheadMs: 1000, policy } } });
  const lines = [
    { t: 4000, id: 1 },
    { t: 6001, id: 2 },
    { t: 6000, id: 3 },
    { t: 253_402_300_799_000, id: 4 },
    { t: 5990, id: 5 },
  ];

  it("are dead letters that say both times, and do not move the watermark", () => {
    const { log, letters, feed, workAll, task } = setUpSource(guarded("dead-letter"));
    feed(...lines);
    workAll();
    expect(log).toEqual(["1", "3", "5", "W5989"]);
    expect(letters.map(({ position }) => position)).toEqual(["record 2", "record 4"]);
    expect(letters[0].reason).toBe(
      "the time field t is 1970-01-01T00:00:06.001Z, more than the 1000 ms ahead of the clock that are allowed (until 1970-01-01T00:00:06.000Z)",
    );
    expect(task.gauges()).toMatchObject({ ahead_of_clock: 2, null_time: 0 });
  });

  it("go on without moving the watermark", () => {
    const { log, letters, feed, workAll, task } = setUpSource(guarded("hold"));
    feed(...lines);
    workAll();
    expect(log).toEqual(["1", "2", "3", "4", "5", "W5989"]);
    expect(letters).toEqual([]);
    expect(task.gauges()).toMatchObject({ ahead_of_clock: 2 });
  });

  it("are judged by the clock when they are read, and counted once over a restart", () => {
    const before = setUpSource(guarded("hold"));
    before.feed({ t: 6001, id: 1 }, { id: 2 });
    before.workAll();
    const after = setUpSource(guarded("hold"), JSON.parse(JSON.stringify(before.task.snapshot())));
    after.clock.advance(1);
    after.feed({ t: 6001, id: 3 });
    after.workAll();
    expect(after.task.gauges()).toMatchObject({ ahead_of_clock: 1, null_time: 1 });
    expect(after.log).toEqual(["3", "W5990"]);
  });

  it("do not move a punctuated watermark by what their expression gives either", () => {
    const { future } = guarded("dead-letter").watermark;
    const { task, feed, workAll } = setUpSource(punctuated("id", { future }));
    feed({ t: 100, id: 6001 }, { t: 100, id: 4000 });
    workAll();
    expect(task.watermark).toBe(3999);
  });
});
