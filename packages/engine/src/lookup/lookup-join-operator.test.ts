import { describe, expect, test } from "vitest";
import { RowKind } from "../column/batch.ts";
import { endOfTime } from "../time/watermark.ts";
import { answerAll, answerOf, click, lookupHarness } from "./testing/lookup-fixture.ts";

type Harness = ReturnType<typeof lookupHarness>;
const outs = (harness: Harness) => harness.take().map(({ fields }) => `${fields.name}:${fields.right_name}`);
const keysOf = (harness: Harness) => harness.questions().map(({ key }) => key);

describe("what comes out", () => {
  test("the record, then the answer, with the record's time and kind", () => {
    const harness = lookupHarness({}, { kindOf: () => RowKind.updateAfter });
    harness.send([click(5, "ann", "c")]);
    expect(harness.rows()).toEqual([]);
    answerAll(harness);
    expect(harness.rows()).toEqual([{ fields: { at: 5, who: "ann", name: "c", right_name: null, age: null }, timeMs: 5, kind: "+U" }]);
    harness.send([click(6, "bo", "d")]);
    answerAll(harness);
    expect(harness.rows()[1].fields).toEqual({ at: 6, who: "bo", name: "d", right_name: "Mx bo", age: 2 });
  });

  test("an inner lookup drops records without a row and those with a NULL in the key, and counts them", () => {
    const harness = lookupHarness({ kind: "inner" });
    harness.send([click(1, "ann"), click(2, null), click(3, "bo")]);
    answerAll(harness);
    expect(outs(harness)).toEqual(["c3:Mx bo"]);
    expect(harness.gauges().counters).toMatchObject({ unmatched: 1, null_keys: 1, asked: 2 });
  });

  test("a left lookup asks nothing for NULL", () => {
    const harness = lookupHarness();
    harness.send([click(1, null)]);
    expect(outs(harness)).toEqual(["c1:null"]);
    expect(harness.questions()).toEqual([]);
  });

  test("what fails goes to the dead letters with its reason, or has no row", () => {
    const harness = lookupHarness();
    harness.send([click(1, "bo"), click(2, "jeff"), click(3, "bo")]);
    answerAll(harness);
    expect(outs(harness)).toEqual(["c1:Mx bo", "c3:Mx bo"]);
    expect(harness.rows("dead_letter")).toEqual([
      { fields: { at: 2, who: "jeff", name: "c2", dead_letter_reason: "no word about jeff" }, timeMs: 2, kind: "+I" },
    ]);
    const lenient = lookupHarness({ onFailure: "null" });
    lenient.send([click(2, "jeff")]);
    answerAll(lenient);
    expect(outs(lenient)).toEqual(["c2:null"]);
    expect(lenient.gauges().counters).toMatchObject({ failed: 1 });
  });
});

describe("order", () => {
  const records = [click(1, "a"), click(2, "b"), click(3, "a"), click(4, "c")];

  test("ordered: a record waits for those before it", () => {
    const harness = lookupHarness();
    harness.send(records);
    const [a, b, c] = harness.questions();
    harness.answer([answerOf(c), answerOf(b)]);
    expect(outs(harness)).toEqual([]);
    harness.answer([answerOf(a)]);
    expect(outs(harness)).toEqual(["c1:Mx a", "c2:Mx b", "c3:Mx a", "c4:Mx c"]);
  });

  test("unordered: records come as they are answered, but none overtakes a watermark", () => {
    const harness = lookupHarness({ order: "unordered" });
    harness.send(records);
    harness.watermark(4);
    harness.send([click(5, "b"), click(3, "d")]);
    harness.watermark(5);
    expect(harness.forwardedWatermark).toBe(Number.NEGATIVE_INFINITY);
    const [a, b, c, d] = harness.questions();
    expect(harness.answer([answerOf(b), answerOf(d)])).toEqual([]);
    expect(outs(harness)).toEqual(["c2:Mx b"]);
    expect(harness.answer([answerOf(c)])).toEqual([]);
    expect(outs(harness)).toEqual(["c4:Mx c"]);
    expect(harness.answer([answerOf(a)])).toEqual([4, 5]);
    expect(outs(harness)).toEqual(["c1:Mx a", "c3:Mx a", "c5:Mx b", "c3:Mx d"]);
  });

  test("a watermark passes at once where nothing waits; of watermarks in a row the last counts, and before the end the one before it", () => {
    const harness = lookupHarness();
    harness.watermark(1);
    expect(harness.forwardedWatermark).toBe(1);
    harness.send([click(2, "a")]);
    harness.run([{ watermark: 2 }, { watermark: 3 }, { watermark: endOfTime }]);
    expect(harness.forwardedWatermark).toBe(1);
    // By 3 it is judged whether what the end sets free is late.
    expect(harness.answer(harness.questions().map(answerOf))).toEqual([3, endOfTime]);
  });
});

describe("questions", () => {
  test("equal ones are asked once; with as many open as may be, no more records are wanted", () => {
    const harness = lookupHarness();
    harness.send([click(1, "a"), click(2, "a"), click(3, "b")]);
    expect(harness.full).toBe(false);
    harness.send([click(4, "c"), click(5, "d"), click(6, "a")]);
    expect(harness.full).toBe(true);
    expect(harness.questions(2).map(({ key }) => key)).toEqual([["a"], ["b"]]);
    expect(keysOf(harness)).toEqual([["c"], ["d"]]);
    expect(harness.gauges()).toMatchObject({ bufferedRecords: 6, stateKeys: 4 });
  });

  test("what waits is asked again after a restart, with its watermarks", () => {
    const harness = lookupHarness({ order: "unordered" });
    harness.send([click(1, "a"), click(2, "b")]);
    harness.watermark(2);
    harness.send([click(3, "a")]);
    const [first] = harness.questions();
    harness.answer([answerOf(first)]);
    expect(outs(harness)).toEqual(["c1:Mx a"]);
    harness.restart();
    const again = harness.questions();
    expect(again.map(({ key }) => key)).toEqual([["b"], ["a"]]);
    expect(harness.answer(again.map(answerOf))).toEqual([2]);
    expect(outs(harness)).toEqual(["c2:Mx b", "c3:Mx a"]);
    expect(harness.gauges()).toMatchObject({ stateKeys: 0, bufferedRecords: 0 });
  });
});

describe("cache", () => {
  const cache = { ttlMs: 100, missingTtlMs: 10, maxEntries: 2, inState: false };

  test("answers are kept until they expire, those of keys without a row for their own time", () => {
    const harness = lookupHarness({ cache });
    harness.send([click(1, "a"), click(2, "n")]);
    answerAll(harness, 1000);
    outs(harness);
    harness.processingTime(1009);
    harness.send([click(3, "a"), click(4, "n")]);
    expect(outs(harness)).toEqual(["c3:Mx a", "c4:null"]);
    harness.processingTime(1010);
    harness.send([click(5, "a"), click(6, "n")]);
    expect(keysOf(harness)).toEqual([["n"]]);
    expect(outs(harness)).toEqual(["c5:Mx a"]);
    harness.processingTime(1100);
    harness.send([click(7, "a")]);
    expect(keysOf(harness)).toEqual([["a"]]);
    expect(harness.gauges().counters).toMatchObject({ cached: 3, asked: 4 });
  });

  test("no more keys are kept than may be; one that has not been used goes first", () => {
    const harness = lookupHarness({ cache });
    harness.send([click(1, "a"), click(2, "b")]);
    answerAll(harness, 1000);
    harness.send([click(3, "a")]);
    harness.send([click(4, "c")]);
    answerAll(harness, 1000);
    harness.send([click(5, "a"), click(6, "c"), click(7, "b")]);
    expect(keysOf(harness)).toEqual([["b"]]);
    expect(harness.gauges()).toMatchObject({ stateKeys: 3, counters: { cache_rows: 2, cache_evicted: 1 } });
  });

  test("failures are asked again", () => {
    const harness = lookupHarness({ cache });
    harness.send([click(1, "f")]);
    answerAll(harness, 1000);
    harness.send([click(2, "f")]);
    expect(keysOf(harness)).toEqual([["f"]]);
  });

  test("checkpoints hold it where that is wanted, and nothing of it else", () => {
    for (const inState of [true, false]) {
      const harness = lookupHarness({ cache: { ...cache, inState } });
      harness.send([click(1, "a"), click(2, "n")]);
      answerAll(harness, 1000);
      outs(harness);
      harness.restart();
      expect(harness.gauges().stateKeys).toBe(inState ? 2 : 0);
      harness.processingTime(1005);
      harness.send([click(3, "a"), click(4, "n")]);
      expect(keysOf(harness)).toEqual(inState ? [] : [["a"], ["n"]]);
      expect(outs(harness)).toEqual(inState ? ["c3:Mx a", "c4:null"] : []);
    }
  });
});
