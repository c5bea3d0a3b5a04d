import fc from "fast-check";
import { expect, test } from "vitest";
import { TimeIndex } from "./time-index.ts";

interface Entry {
  readonly slot: number;
  readonly time: number;
}

const stepArbitrary = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("insert" as const), group: fc.nat(2), time: fc.integer({ min: -20, max: 20 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("remove" as const), group: fc.nat(2), time: fc.constant(0) }) },
);

/** Sorted lists, kept by sorting. */
class NaiveIndex {
  readonly groups: Entry[][] = [[], [], []];

  insert(group: number, entry: Entry): void {
    this.groups[group] = [...this.groups[group], entry].sort((a, b) => a.time - b.time);
  }
}

function members(index: TimeIndex, group: number): number[] {
  const slots: number[] = [];
  for (let slot = index.first(group); slot >= 0; slot = index.next(slot)) slots.push(slot);
  return slots;
}

test("agrees with sorted lists, also when slots are used again", () => {
  fc.assert(
    fc.property(fc.array(stepArbitrary, { maxLength: 120 }), (steps) => {
      const slots = { time: new Float64Array(200) };
      const index = new TimeIndex(slots);
      const naive = new NaiveIndex();
      const free: number[] = [];
      let used = 0;
      for (const { kind, group, time } of steps) {
        if (kind === "insert") {
          const slot = free.pop() ?? used++;
          slots.time[slot] = time;
          index.insert(group, slot);
          naive.insert(group, { slot, time });
        } else if (index.first(group) >= 0) {
          const removed = index.removeFirst(group);
          expect(removed).toBe(naive.groups[group].shift()?.slot);
          free.push(removed);
        }
        for (let g = 0; g < 3; g++) {
          expect(members(index, g)).toEqual(naive.groups[g].map((entry) => entry.slot));
          for (const at of [-21, -3, 0, 7, 21]) {
            expect(index.atOrAfter(g, at)).toBe(naive.groups[g].find((entry) => entry.time >= at)?.slot ?? -1);
            expect(index.atOrBefore(g, at)).toBe(naive.groups[g].findLast((entry) => entry.time <= at)?.slot ?? -1);
          }
        }
      }
    }),
    { numRuns: 300 },
  );
});

test("a group that is filled backwards stays fast", () => {
  const count = 200_000;
  const slots = { time: Float64Array.from({ length: count }, (_, i) => -i) };
  const index = new TimeIndex(slots);
  for (let slot = 0; slot < count; slot++) index.insert(0, slot);
  expect(index.first(0)).toBe(count - 1);
  expect(index.atOrBefore(0, -1000.5)).toBe(1001);
  for (let i = 0; i < count; i++) index.removeFirst(0);
  expect(index.first(0)).toBe(-1);
});
