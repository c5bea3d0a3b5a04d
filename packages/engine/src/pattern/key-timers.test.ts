import fc from "fast-check";
import { expect, test } from "vitest";
import { KeyTimers } from "./key-timers.ts";

test("timers come in order of time and key, the latest that was set for each key", () => {
  const settings = fc.array(fc.tuple(fc.nat(6), fc.oneof(fc.nat(9), fc.constant(Number.POSITIVE_INFINITY))), { maxLength: 60 });
  fc.assert(
    fc.property(settings, (set) => {
      const timers = new KeyTimers();
      const latest = new Map<number, number>();
      for (const [key, time] of set) {
        timers.set(key, time);
        latest.set(key, time);
      }
      const taken: (readonly [number, number])[] = [];
      while (timers.next !== Number.POSITIVE_INFINITY) taken.push([timers.next, timers.take()]);
      const expected = [...latest].filter(([, time]) => time !== Number.POSITIVE_INFINITY).map(([key, time]) => [time, key] as const);
      expect(taken).toEqual(expected.sort((a, b) => a[0] - b[0] || a[1] - b[1]));
    }),
  );
});
