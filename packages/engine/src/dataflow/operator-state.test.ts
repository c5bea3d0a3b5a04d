import { describe, expect, it } from "vitest";
import { joinBytes } from "../column/join-bytes.ts";
import type { StateCapture } from "../state/state-capture.ts";
import { endOfTime } from "../time/watermark.ts";
import { firstLayouts } from "./first-layouts.fixture.ts";
import { keyedBatch, keyedHost, keyedOperators } from "./keyed-hosts.fixture.ts";
import type { OperatorHost } from "./operator-host.ts";
import { stateLayout } from "./state-layout.ts";

const snapshotOf = (capture: StateCapture, all: boolean): Uint8Array[] => [...capture.rows(all), capture.end()];

/** What the fixtures had done before they were written. */
function begin(host: OperatorHost): void {
  host.receive(0, keyedBatch(10));
  host.receiveWatermark(0, 20);
  host.receive(0, keyedBatch(40));
  host.receiveWatermark(0, 45);
}

function goOn(host: OperatorHost): void {
  host.receive(0, keyedBatch(60));
  host.receiveWatermark(0, 70);
  host.receive(0, keyedBatch(130));
  host.receiveWatermark(0, 140);
  host.receive(0, keyedBatch(230));
  host.receiveWatermark(0, endOfTime);
}

describe.each(Object.entries(keyedOperators))("state of %s", (name, operator) => {
  function expectedAfterBegin(): readonly string[] {
    const { host, lines } = keyedHost(operator);
    begin(host);
    lines.length = 0;
    goOn(host);
    return lines;
  }

  it("is read as it was written before there were logs, and then kept as a log", () => {
    const { host, lines } = keyedHost(operator);
    expect(host.restore(Uint8Array.fromBase64(firstLayouts[name]), true)).toBe(false);
    const log = snapshotOf(host.capture(), false);
    goOn(host);
    expect(lines).toEqual(expectedAfterBegin());
    const again = keyedHost(operator);
    expect(again.host.restore(joinBytes(log), true)).toBe(true);
    goOn(again.host);
    expect(again.lines).toEqual(lines);
    expect(lines.length).toBeGreaterThan(5);
  });

  it("is told apart by its layout from what an earlier version wrote, and not from what this one writes", () => {
    const [old, now] = [keyedHost(operator).host, keyedHost(operator).host];
    const first = Uint8Array.fromBase64(firstLayouts[name]);
    old.restore(first, true);
    begin(now);
    expect(stateLayout(first)).toMatch(/^single /);
    expect(stateLayout(old.capture().end())).toMatch(/^log /);
    expect(stateLayout(old.capture().end())).toBe(stateLayout(joinBytes(snapshotOf(now.capture(), true))));
  });

  it("is the same from a snapshot of changes as from a whole one", () => {
    const { host } = keyedHost(operator);
    const log: Uint8Array[] = [];
    for (let at = 0; at < 400; at += 30) {
      host.receive(0, keyedBatch(at));
      log.push(...snapshotOf(host.capture(), false));
      host.receiveWatermark(0, at + 5);
    }
    log.push(...snapshotOf(host.capture(), false));
    const whole = joinBytes(snapshotOf(host.capture(), true));
    const results = [joinBytes(log), whole].map((bytes) => {
      const restored = keyedHost(operator);
      restored.host.restore(bytes, true);
      restored.host.receive(0, keyedBatch(445));
      restored.host.receiveWatermark(0, endOfTime);
      return restored.lines;
    });
    expect(results[0]).toEqual(results[1]);
    expect(results[0].length).toBeGreaterThan(5);
  });

  it("may be written while it changes, if the changes follow", () => {
    const { host, lines } = keyedHost(operator);
    begin(host);
    const log: Uint8Array[] = [];
    const records = host.capture().rows(true);
    host.receive(0, keyedBatch(60));
    for (const record of records) {
      log.push(record);
      host.receive(0, keyedBatch(60));
    }
    host.receiveWatermark(0, 70);
    log.push(...snapshotOf(host.capture(), false));
    const restored = keyedHost(operator);
    restored.host.restore(joinBytes(log), true);
    lines.length = 0;
    for (const next of [host, restored.host]) goOn(next);
    expect(restored.lines).toEqual(lines);
  });
});
