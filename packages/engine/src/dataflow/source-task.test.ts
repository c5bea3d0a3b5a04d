import { describe, expect, it } from "vitest";
import { PipelineFailure } from "./pipeline-run.ts";
import { setUpSource as setUp, source } from "./source-task.fixture.ts";

/** A task whose splits "a", at 300, and "b", at 100, are idle. */
function idleSplits() {
  const all = setUp();
  all.feedTo("b", { t: 100, id: 1 });
  all.workAll();
  all.feedTo("a", { t: 300, id: 2 });
  all.workAll();
  all.clock.advance(1000);
  all.task.tick();
  return all;
}

describe("a source task", () => {
  it("lets the watermark go before a record that is late by its predecessors, whatever the batch", () => {
    const { log, feed, workAll } = setUp();
    feed({ t: 100, id: 1 }, { t: 200, id: 2 }, { t: 190, id: 3 }, { t: 150, id: 4 }, { t: 300, id: 5 });
    workAll();
    expect(log).toEqual(["1", "2", "3", "W189", "4", "5", "W289"]);
  });

  it("turns records without a time into dead letters, keeps them, or fails", () => {
    const dropping = setUp();
    dropping.feed({ t: 100, id: 1 }, { id: 2 }, { t: 101, id: 3 });
    dropping.workAll();
    expect(dropping.log).toEqual(["1", "3", "W90"]);
    expect(dropping.letters.map(({ reason, raw }) => [reason, raw])).toEqual([
      ["the time field t is missing or NULL", '{"t":null,"id":2}'],
    ]);
    const keeping = setUp({ watermark: { ...source.watermark, nullTime: "keep" } });
    keeping.feed({ t: 100, id: 1 }, { id: 2 });
    keeping.workAll();
    expect(keeping.log).toEqual(["1", "W89", "2"]);
    const failing = setUp({ watermark: { ...source.watermark, nullTime: "fail" } });
    failing.feed({ id: 2 });
    expect(() => failing.workAll()).toThrow(PipelineFailure);
  });

  it("paces records by their time, and says when the next is due", () => {
    const { log, clock, feed, task } = setUp({ pace: { speed: 2 } });
    feed({ t: 1000, id: 1 }, { t: 1100, id: 2 });
    expect(task.work().kind).toBe("worked");
    const waiting = task.work();
    expect(waiting).toEqual({ kind: "paced", untilMs: 5050 });
    clock.advance(50);
    expect(task.work().kind).toBe("worked");
    expect(log).toEqual(["1", "W989", "2", "W1089"]);
  });

  it("goes on exactly after the records that were done, also inside a chunk, with bad records counted", () => {
    const lines = [{ t: 1000, id: 1 }, "{broken", { t: 1010, id: 2 }, { t: 9000, id: 3 }];
    const first = setUp({ pace: { speed: 1 } });
    first.feed(...lines);
    for (let i = 0; i < 3; i++) {
      first.task.work();
      first.clock.advance(20);
    }
    expect(first.log.filter((entry) => !entry.startsWith("W"))).toEqual(["1", "2"]);
    const state = JSON.parse(JSON.stringify(first.task.snapshot()));
    expect(state).toMatchObject({ position: null, done: 3, read: 3 });
    const second = setUp({}, state);
    second.feed(...lines);
    second.workAll();
    expect(second.log.filter((entry) => !entry.startsWith("W"))).toEqual(["3"]);
    expect(second.letters).toEqual([]);
    expect(second.task.read).toBe(4);
    expect(second.task.snapshot()).toMatchObject({ position: 4, done: 0 });
  });

  it("goes idle after the timeout, and then no longer holds back what it meets; with a record it is active again", () => {
    const { log, clock, task, feed, workAll } = setUp({}, null, 2);
    feed({ t: 100, id: 1 });
    workAll();
    clock.advance(999);
    task.tick();
    expect(log).toEqual(["1", "W89"]);
    clock.advance(1);
    task.tick();
    expect(log).toEqual(["1", "W89", "W500"]);
    feed({ t: 200, id: 2 }, { t: 800, id: 3 });
    workAll();
    expect(log).toEqual(["1", "W89", "W500", "2", "3"]);
  });

  it.each(["ends", "ends after a restart", "is drained"])("lets all behind it end when it is idle and %s", (how) => {
    const before = setUp();
    before.feed({ t: 100, id: 1 });
    before.workAll();
    before.clock.advance(1000);
    before.task.tick();
    const { log, task } = how === "ends after a restart" ? setUp({}, JSON.parse(JSON.stringify(before.task.snapshot()))) : before;
    task.tick();
    if (how === "is drained") task.drain();
    else {
      task.accept({ kind: "end" });
      expect(task.work()).toEqual({ kind: "ended" });
    }
    expect(log.at(-1)).toBe("WInfinity");
  });

  it("numbers records without a time alike in batches of any size", () => {
    const lines = [{ t: 100, id: 1 }, { t: 300, id: 2 }, "{broken", { t: 100, id: 3 }, { id: 4 }, { t: 90, id: 5 }, { id: 6 }];
    const whole = setUp();
    whole.feed(...lines);
    whole.workAll();
    const single = setUp();
    for (const line of lines) {
      single.feed(line);
      single.workAll();
    }
    const positions = ["record 4", "record 6"];
    for (const { letters } of [whole, single]) expect(letters.slice(1).map(({ position }) => position)).toEqual(positions);
  });

  it("lets the watermark go before a record without a time that is kept, whatever the batch", () => {
    const { log, feed, workAll } = setUp({ watermark: { ...source.watermark, nullTime: "keep" } });
    feed({ t: 100, id: 1 }, { t: 200, id: 2 }, { id: 3 }, { id: 4 }, { t: 300, id: 5 });
    workAll();
    expect(log).toEqual(["1", "2", "W189", "3", "4", "5", "W289"]);
  });

  it("stays idle over a restart, and says so to what comes after it", () => {
    const before = setUp({}, null, 2);
    before.feed({ t: 100, id: 1 });
    before.workAll();
    before.clock.advance(1000);
    before.task.tick();
    const after = setUp({}, JSON.parse(JSON.stringify(before.task.snapshot())), 2);
    after.task.tick();
    expect(after.log).toEqual(["W500"]);
  });

  it("judges what comes behind the first record of an idle split alike in batches of any size", () => {
    const run = (apart: boolean) => {
      const { log, feedTo, workAll } = idleSplits();
      const lines = [
        { t: 250, id: 3 },
        { t: 250, id: 4 },
      ];
      for (const chunk of apart ? lines.map((line) => [line]) : [lines]) {
        feedTo("a", ...chunk);
        workAll();
      }
      return log;
    };
    expect(run(true)).toEqual(["1", "W89", "2", "3", "W289", "4"]);
    expect(run(false)).toEqual(["1", "W89", "2", "3", "W289", "4"]);
  });

  it("does not wake an idle split with a line that cannot be decoded, alone or before a record", () => {
    const run = (apart: boolean) => {
      const { log, letters, feedTo, workAll } = idleSplits();
      const chunks = apart ? [["{broken"], [{ t: 250, id: 3 }], [{ t: 250, id: 4 }]] : [["{broken", { t: 250, id: 3 }, { t: 250, id: 4 }]];
      for (const chunk of chunks) {
        feedTo("a", ...chunk);
        workAll();
      }
      expect(letters.length).toBe(1);
      return log;
    };
    expect(run(true)).toEqual(["1", "W89", "2", "3", "W289", "4"]);
    expect(run(false)).toEqual(["1", "W89", "2", "3", "W289", "4"]);
  });

  it("stamps processing time", () => {
    const { log, clock, feed, workAll, task } = setUp({ timeField: null, watermark: { ...source.watermark, kind: "processing" } });
    feed({ id: 1 });
    workAll();
    clock.advance(7);
    task.tick();
    expect(log).toEqual(["1", "W4999", "W5006"]);
  });
});
