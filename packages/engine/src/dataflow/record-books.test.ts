import { expect, test } from "vitest";
import { type Batch, withSelection } from "../column/batch.ts";
import { planStepOf, streamOf } from "../testing/plan-step.ts";
import { createSimulatedClock } from "../testing/simulated-clock.ts";
import { keyedBatch, keyedHost, keyedOperators } from "./keyed-hosts.fixture.ts";
import { noGauges, type Operator } from "./operator.ts";
import { createWorkTimer, OperatorHost } from "./operator-host.ts";
import { unaccountedRecords } from "./record-books.ts";

/** Lets every second record through and says that it dropped `said` records of each batch. */
function hostOfHalving(said: number, buffered = 0): OperatorHost {
  let settled = 0;
  let held = 0;
  const operator: Operator = {
    ports: ["out"],
    onBatch(_input, batch: Batch, out) {
      const rows = Int32Array.from({ length: batch.selected >> 1 }, (_, i) => i * 2);
      settled += said;
      held += buffered;
      out.emit(0, withSelection(batch, rows, rows.length));
    },
    onWatermark: (watermark) => watermark,
    snapshot() {},
    restore() {},
    gauges: () => ({ ...noGauges, bufferedRecords: held, books: { settled } }),
  };
  const type = streamOf({});
  const step = planStepOf({ op: "union", inputs: [] }, [type], { out: type });
  return new OperatorHost(step, operator, 1, createWorkTimer(createSimulatedClock()));
}

function unaccountedOf(host: OperatorHost): number {
  return unaccountedRecords({ hosts: new Map([[host.step.id, host]]), sinks: [], sources: [] }, new Map());
}

test("records that came in and are nowhere are told", () => {
  for (const { said, buffered, off } of [
    { said: 20, buffered: 0, off: 0 },
    { said: 5, buffered: 15, off: 0 },
    { said: 19, buffered: 0, off: 1 },
    { said: 20, buffered: 1, off: 1 },
    { said: 0, buffered: 0, off: 20 },
  ]) {
    const host = hostOfHalving(said, buffered);
    host.openBooks();
    host.receive(0, keyedBatch(0));
    expect(unaccountedOf(host)).toBe(off);
  }
});

test("what was held and settled before this run does not count", () => {
  const host = hostOfHalving(12, 8);
  host.receive(0, keyedBatch(0));
  host.openBooks();
  host.receivedThisRun.fill(0);
  host.emittedThisRun.fill(0);
  expect(unaccountedOf(host)).toBe(0);
  host.receive(0, keyedBatch(100));
  expect(unaccountedOf(host)).toBe(0);
});

test("windows, sessions and deduplication account for every record, on time, late or without a time", () => {
  for (const operator of Object.values(keyedOperators)) {
    const { host } = keyedHost(operator);
    host.openBooks();
    for (const at of [0, 500, 100, 900]) {
      host.receive(0, keyedBatch(at));
      host.receiveWatermark(0, at);
      const untimed = keyedBatch(at);
      untimed.time.fill(Number.NaN);
      host.receive(0, untimed);
    }
    expect(host.operator.gauges().books).toBeDefined();
    expect(unaccountedOf(host)).toBe(0);
  }
});
