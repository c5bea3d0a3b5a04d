import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SnapshotReader } from "../state/snapshot-reader.ts";
import { SnapshotWriter } from "../state/snapshot-writer.ts";
import { CompensatedSums } from "./compensated-sums.ts";

const slots = 4;

function sumsOf(whole: boolean): CompensatedSums {
  const sums = new CompensatedSums(whole);
  sums.reserve(slots);
  return sums;
}

function add(sums: CompensatedSums, into: readonly number[], values: readonly number[]): void {
  const column = { kind: "number", values: Float64Array.from(values), valid: null } as const;
  const rows = Int32Array.from(values.keys());
  sums.add(Int32Array.from(into), rows, values.length, column);
}

const largest = Number.MAX_SAFE_INTEGER;

describe("sums of whole numbers", () => {
  test("are exact on both sides of 2^53, and subtract without a trace", () => {
    const value = fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -1000, max: 1000 }), fc.constantFrom(largest, -largest));
    const entry = fc.record({ slot: fc.nat(1), value });
    fc.assert(
      fc.property(fc.array(fc.array(entry, { maxLength: 6 }), { maxLength: 6 }), (batches) => {
        const sums = sumsOf(true);
        const exact = [0n, 0n];
        for (const batch of batches) {
          add(
            sums,
            batch.map(({ slot }) => slot),
            batch.map((each) => each.value),
          );
          for (const { slot, value } of batch) exact[slot] += BigInt(value);
          // Slot 2 is the total of both, slot 3 what is left of it without the first.
          sums.clear(Int32Array.of(2, 3), 2);
          sums.combine(Int32Array.of(2, 2, 3, 3), Int32Array.of(0, 1, 0, 1), 4, 1);
          sums.combine(Int32Array.of(3), Int32Array.of(0), 1, -1);
          expect([0, 1, 2, 3].map((slot) => sums.total(slot))).toEqual(
            [exact[0], exact[1], exact[0] + exact[1], exact[1]].map((total) => Number(total) + 0),
          );
        }
      }),
    );
  });

  test("add to one slot as they add to many", () => {
    for (const values of [
      [1, 2, 3],
      [largest, largest, -largest, 1, 1],
    ]) {
      const [one, many] = [sumsOf(true), sumsOf(true)];
      const column = { kind: "number", values: Float64Array.from(values), valid: null } as const;
      one.addToOne(0, Int32Array.from(values.keys()), 0, values.length, column);
      add(
        many,
        values.map(() => 0),
        values,
      );
      expect([one.total(0), one.count(0)]).toEqual([many.total(0), many.count(0)]);
    }
  });

  test("go on from a snapshot with errors, and from one without", () => {
    for (const values of [
      [largest, 1, 1, 1],
      [1, 2, 3],
    ]) {
      const before = sumsOf(true);
      add(
        before,
        values.map(() => 1),
        values,
      );
      const writer = new SnapshotWriter();
      before.snapshot(writer, Int32Array.of(1), 1);
      const after = sumsOf(true);
      after.restore(new SnapshotReader(writer.finish()), Int32Array.of(0), 1);
      add(after, [0], [-1]);
      expect(after.total(0)).toBe(Number(values.reduce((sum, value) => sum + BigInt(value), -1n)));
    }
  });

  test("take no memory for errors until there may be some", () => {
    const sums = sumsOf(true);
    add(sums, [0], [largest]);
    expect([sums.slotBytes, sums.columns[1].length]).toEqual([12, 0]);
    add(sums, [1], [2]);
    expect([sums.slotBytes, sums.columns[1].length]).toEqual([20, sums.columns[0].length]);
  });
});
