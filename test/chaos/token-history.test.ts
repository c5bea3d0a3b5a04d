import { expect, test } from "vitest";
import { newTally } from "./chaos-state.ts";
import { findStale } from "./token-history.ts";

function staleIn(writes: readonly (readonly [checkpoint: number, token: number])[]): readonly string[] {
  const tally = newTally();
  findStale(
    "sink",
    writes.map(([checkpoint, token]) => ({ checkpoint, token })),
    tally,
  );
  expect(tally.staleWrites).toBe(tally.examples.length);
  return tally.examples;
}

test("owners one after the other are no zombies, also when one only writes its token down", () => {
  expect(
    staleIn([
      [1, 1],
      [2, 1],
      [2, 2],
      [3, 2],
      [3, 5],
      [9, 5],
    ]),
  ).toEqual([]);
});

test("a write of an owner that had been fenced is found, and each that follows", () => {
  expect(
    staleIn([
      [1, 1],
      [1, 2],
      [2, 1],
      [2, 2],
      [3, 1],
    ]),
  ).toEqual([
    "sink: checkpoint 2 with token 1 after checkpoint 1 with token 2",
    "sink: checkpoint 2 with token 2 after checkpoint 2 with token 2",
    "sink: checkpoint 3 with token 1 after checkpoint 2 with token 2",
  ]);
});

test("a checkpoint that is written twice, or after a later one, is found", () => {
  expect(
    staleIn([
      [1, 1],
      [1, 1],
    ]),
  ).toHaveLength(1);
  expect(
    staleIn([
      [5, 1],
      [4, 2],
    ]),
  ).toHaveLength(1);
});
