import { expect, test } from "vitest";
import type { PlannedOperator } from "../plan/logical-plan.ts";
import type { OperatorHarness } from "../testing/operator-harness.ts";
import { fieldOf, handDriven } from "../testing/plan-step.ts";
import { endOfTime } from "../time/watermark.ts";
import { event, events, recordHarness } from "../transform/testing/record-fixture.ts";

/** State of `ranks` after `begin`, as it was written before there were tables of rows, in base64. */
const firstLayout = [
  "AgAAAAYAAABrZXlzLjADAAAAAAAAAAMAAAAAAQAAAAEAAAADAAAAAQEBAQwAAAABAAAAAQAAAP////8BAgAAAGFiBAAAAAEAAAAGAAAAa2V5cy4wAwAAAMIEAAABAAAAAAAA",
  "AAAAAAAAAAAAAAAAAEAAAAAAAAAAABAAAAAAAAAAAAAAAAAAAAAAAPA/DAAAAAAAAAABAAAAAgAAAAwAAAABAAAAAgAAAAAAAAAYAAAAAgAAAAIAAAACAAAAAwAAAAMAAAAC",
  "AAAAcAAAAAAAAAAAAAhAAAAAAAAACEAAAAAAAAAIQAAAAAAAAAhAAAAAAAAACEAAAAAAAAAIQAAAAAAAAAhAAAAAAAAA8D8AAAAAAADwPwAAAAAAAAhAAAAAAAAAAEAAAAAA",
  "AAAAQAAAAAAAAAhAAAAAAAAAAEBwAAAAAAAAAAAAGEAAAAAAAAA+QAAAAAAAACxAAAAAAAAAQ0AAAAAAAAA2QAAAAAAAAEdAAAAAAAAAT0AAAAAAAABJQAAAAAAAgFJAAAAA",
  "AACAUUAAAAAAAABKQAAAAAAAAFNAAAAAAACAU0AAAAAAAABOQAcAAAACAAAAYXQCAAAAaWQDAAAAa2V5BQAAAGdyb3VwBQAAAHZhbHVlAgAAAG9rBAAAAGxpc3QAAAAADgAA",
  "AAEOAAAAAQEBAQEBAQEBAQEBAQFwAAAAAAAAAAAAGEAAAAAAAAA+QAAAAAAAACxAAAAAAAAAQ0AAAAAAAAA2QAAAAAAAAEdAAAAAAAAAT0AAAAAAAABJQAAAAAAAgFJAAAAA",
  "AACAUUAAAAAAAABKQAAAAAAAAFNAAAAAAACAU0AAAAAAAABOQAAAAAAOAAAAAQ4AAAABAQEBAQEBAQEBAQEBAXAAAAAAAAAAAAAIQAAAAAAAAC5AAAAAAAAAHEAAAAAAAAAz",
  "QAAAAAAAACZAAAAAAAAAN0AAAAAAAAA/QAAAAAAAADlAAAAAAACAQkAAAAAAAIBBQAAAAAAAADpAAAAAAAAAQ0AAAAAAAIBDQAAAAAAAAD5AAgAAAA4AAAABDgAAAAEBAQEA",
  "AAEBAQAAAAEBOAAAAAAAAAAAAAAAAQAAAAEAAAAAAAAAAAAAAAEAAAABAAAAAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAgAAAAEBAAAAYQEBAAAAYgAAAAAOAAAAAQ4AAAAA",
  "AAAAAAAAAAAAAAAAAHAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA4AAAABDgAAAAEBAQEBAQEBAQEBAQEBcAAAAAAAAAAAAAhAAAAAAAAACEAAAAAAAAAIQAAAAAAAAAhAAAAAAAAA",
  "CEAAAAAAAAAIQAAAAAAAAAhAAAAAAAAA8D8AAAAAAADwPwAAAAAAAAhAAAAAAAAAAEAAAAAAAAAAQAAAAAAAAAhAAAAAAAAAAEABAAAADgAAAAEOAAAAAAAAAAAAAAAAAAAA",
  "AAAOAAAAAAAAAAAAAAAAAAAAAAADAAAADgAAAAEOAAAAAAAAAAAAAAAAAAAAAABHAAAAW251bGwsbnVsbCxudWxsLG51bGwsbnVsbCxudWxsLG51bGwsbnVsbCxudWxsLG51",
  "bGwsbnVsbCxudWxsLG51bGwsbnVsbF0=",
].join("");

const ranks: PlannedOperator = {
  op: "top-n",
  input: handDriven,
  keyBy: ["key"],
  by: fieldOf(events, "value"),
  order: "descending",
  limit: 2,
  sizeMs: 50,
  offsetMs: 0,
  output: "append",
  ties: "keep",
};

function begin(harness: OperatorHarness): void {
  for (let i = 0; i < 40; i++) harness.send([event(i * 2, i, ["a", "b", null][i % 3], { value: i % 7 === 6 ? null : i % 4 })]);
  harness.watermark(20);
}

function goOn(harness: OperatorHarness): void {
  for (let i = 0; i < 30; i++) harness.send([event(30 + i * 3, 100 + i, ["a", "b", "c"][i % 3], { value: i % 5 })]);
  harness.watermark(endOfTime);
}

test("ranks are read as they were written before there were tables of rows", () => {
  const [straight, restored] = [recordHarness(ranks), recordHarness(ranks).restoreFrom(Uint8Array.fromBase64(firstLayout))];
  begin(straight);
  goOn(straight);
  goOn(restored);
  expect(restored.rows()).toEqual(straight.rows());
  expect(straight.rows().length).toBeGreaterThan(10);
});

test("ranks cost a snapshot what has changed, however many there are", () => {
  const harness = recordHarness(ranks);
  const fill = (from: number, count: number) =>
    harness.send(Array.from({ length: count }, (_, i) => event(10, from + i, `key ${from + i}`, { value: i })));
  fill(0, 5000);
  const whole = harness.writeChanges();
  const nothing = harness.writeChanges();
  fill(5000, 50);
  const little = harness.writeChanges();
  expect(whole).toBeGreaterThan(5000 * 80);
  expect(nothing).toBeLessThan(1000);
  expect(little).toBeLessThan(whole / 50);
});
