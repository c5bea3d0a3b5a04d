import fc from "fast-check";
import { expect, test } from "vitest";
import { TimeQueue } from "./time-queue.ts";

const steps = fc.array(
  fc.record({
    times: fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 40 }),
    isSorted: fc.boolean(),
    takeMs: fc.integer({ min: -5, max: 15 }),
  }),
  { maxLength: 12 },
);

test("slots are taken in the order of their times, those of one time in the order in which they came", () => {
  fc.assert(
    fc.property(steps, (of) => {
      const time = new Float64Array(600);
      const queue = new TimeQueue({ time });
      let waiting: number[] = [];
      let next = 0;
      for (const { times, isSorted, takeMs } of of) {
        for (const at of isSorted ? times.toSorted((a, b) => a - b) : times) {
          time[next] = at;
          queue.insert(next);
          waiting.push(next++);
        }
        const due = waiting.filter((slot) => time[slot] <= takeMs).sort((a, b) => time[a] - time[b] || a - b);
        expect([...queue.takeThrough(takeMs)]).toEqual(due);
        waiting = waiting.filter((slot) => time[slot] > takeMs);
        expect(queue.size).toBe(waiting.length);
      }
    }),
    { numRuns: 300 },
  );
});
