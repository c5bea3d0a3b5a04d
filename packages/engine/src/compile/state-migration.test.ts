import { expect, test } from "vitest";
import { stateMigration } from "./state-migration.ts";

const count = ["n", "count", null, null];
const sum = ["total", "sum", ["amount", "double"], null];
const max = ["most", "max", ["amount", "double"], null];

function window(
  aggregates: readonly unknown[],
  change: { readonly output?: string; readonly size?: number; readonly more?: readonly unknown[] } = {},
) {
  const { output = "append", size = 1000, more = [] } = change;
  return JSON.stringify(["window-aggregate", ["k string"], { kind: "tumbling", sizeMs: size }, output, aggregates, ...more]);
}

test("an aggregate that is added starts empty, wherever it is put; the others are found where they were", () => {
  expect(stateMigration(window([count, sum]), window([max, count, sum]))).toEqual({
    aggregates: [-1, 0, 1],
    reason: '"most" starts empty and holds only what comes from now on; the other results are kept',
  });
});

test("another order alone keeps all", () => {
  expect(stateMigration(window([count, sum]), window([sum, count]))).toEqual({
    aggregates: [1, 0],
    reason: "its results stand in another order; all are kept",
  });
});

test.each([
  ["an aggregate is gone", window([count, sum]), window([count])],
  ["an aggregate has changed", window([count, sum]), window([count, ["total", "sum", ["price", "double"], null]])],
  ["an aggregate has another name", window([count]), window([["events", "count", null, null]])],
  ["the key has changed too", window([count]), window([count, sum]).replace("k string", "other string")],
  ["the window has changed too", window([count]), window([count, sum], { size: 2000 })],
  ["rows are taken back", window([count], { output: "retract" }), window([count, sum], { output: "retract" })],
  ["results are said early", window([count], { more: [["early"]] }), window([count, sum], { more: [["early"]] })],
  ["one stands there twice", window([count]), window([count, sum, sum])],
  [
    "it is another operator",
    JSON.stringify(["top-n", ["k string"], [], 1, "append"]),
    JSON.stringify(["top-n", ["k string"], [], 2, "append"]),
  ],
  ["the form is unknown", "from long ago", window([count, sum])],
])("never when %s", (_, before, after) => {
  expect(stateMigration(before, after)).toBeNull();
});
