import fc from "fast-check";
import { expect, test } from "vitest";
import { SessionTimers } from "./session-timers.ts";

const step = fc.oneof(
  fc.record({
    kind: fc.constant("set" as const),
    session: fc.integer({ min: 1, max: 30 }),
    inMs: fc.double({ min: 0, max: 5000, noNaN: true }),
  }),
  fc.record({ kind: fc.constant("remove" as const), session: fc.integer({ min: 1, max: 30 }) }),
  fc.record({ kind: fc.constant("advance" as const), byMs: fc.integer({ min: 0, max: 1500 }) }),
);

test("takes off each timer once its time has come, the earlier of two that were set", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4000 }), fc.array(step, { maxLength: 200 }), (aheadMs, steps) => {
      const timers = new SessionTimers(aheadMs);
      const expected = new Map<number, number>();
      let now = 0;
      for (const step of steps) {
        if (step.kind === "set") {
          const due = now + step.inMs;
          timers.set(step.session, due);
          expected.set(step.session, Math.min(due, expected.get(step.session) ?? due));
        } else if (step.kind === "remove") expect(timers.remove(step.session)).toBe(expected.delete(step.session));
        else {
          now += step.byMs;
          const due = [...expected].filter(([, at]) => at <= now).map(([session]) => session);
          expect([...timers.takeDue(now)].sort((a, b) => a - b)).toEqual(due.sort((a, b) => a - b));
          for (const session of due) expected.delete(session);
        }
      }
      expect(timers.takeDue(Number.POSITIVE_INFINITY).length).toBe(expected.size);
    }),
  );
});
