import { describe, expect, it } from "vitest";
import { expectSameRows, floorOf, tiersOf } from "./bench-subject.ts";
import { subjects } from "./subjects.ts";

/** Enough for rows of every subject: the first alerts come after some windows of 5 minutes. */
const recordsOf = (name: string): number => (name === "error-spike" ? 100_000 : 20_000);
const cases = subjects.flatMap((subject) => tiersOf(subject).map((tier) => [subject.name, tier, subject] as const));

describe("the subjects of the bench", () => {
  it.each(cases)("%s, %s: gives the rows of its plain implementation", async (name, tier, subject) => {
    expect(await expectSameRows(subject, tier, recordsOf(name))).toBeGreaterThan(0);
  });

  it("have names of their own, and a floor in every tier", () => {
    expect(new Set(subjects.map(({ name }) => name)).size).toBe(subjects.length);
    for (const [name, tier] of cases) expect(floorOf(name, tier)).toBeGreaterThan(0);
  });
});
