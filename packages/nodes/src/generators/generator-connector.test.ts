import { ConnectorError, type JsonValue } from "@millrace/engine";
import { createSimulatedClock } from "@millrace/engine/testing";
import { describe, expect, test } from "vitest";
import { drain, openGenerator, type Row } from "../testing/read-generator.ts";
import { streamFields } from "./stream-fields.ts";

const kinds = ["logs", "clicks", "payments", "crm"] as const;
const messy = {
  disorderMs: 5000,
  duplicateShare: 0.05,
  lateShare: 0.02,
  malformedShare: 0.01,
  customers: 300,
  burstEveryMs: 120_000,
  spikeEveryMs: 120_000,
};

describe.each(kinds)("the stream of %s", (kind) => {
  const options = { kind, seed: 3, speed: null, count: 6000, ...messy };

  test("is the same for the same seed and another for another", async () => {
    const first = await drain(await openGenerator(options), kind);
    const again = await drain(await openGenerator(options), kind);
    expect(again).toEqual(first);
    expect(first.rows.length + first.deadLetters.length).toBe(6000);
    const other = await drain(await openGenerator({ ...options, seed: 4 }), kind);
    expect(other.rows.slice(0, 50)).not.toEqual(first.rows.slice(0, 50));
  });

  test("continues exactly from every position", async () => {
    const whole = await drain(await openGenerator(options), kind);
    const reader = await openGenerator(options);
    const before = { rows: [] as Row[], letters: 0 };
    for (;;) {
      const chunk = await drain(reader, kind, 1);
      before.rows.push(...chunk.rows);
      before.letters += chunk.deadLetters.length;
      // Through text, as a checkpoint keeps it; another clock, as after a restart.
      const position: JsonValue = JSON.parse(JSON.stringify(reader.position()));
      const restored = await drain(await openGenerator(options, { position, clock: createSimulatedClock(9_999_999_999) }), kind, 3);
      expect(restored.rows).toEqual(whole.rows.slice(before.rows.length, before.rows.length + restored.rows.length));
      expect(restored.deadLetters).toEqual(whole.deadLetters.slice(before.letters, before.letters + restored.deadLetters.length));
      if (before.rows.length + before.letters === 6000) break;
    }
  });

  test("continues exactly at every single index", async () => {
    const small = { ...options, count: 400 };
    const whole = await drain(await openGenerator(small), kind);
    const startMs = Date.UTC(2026, 0, 1);
    for (let next = 0; next <= 400; next += 7) {
      const rest = await drain(await openGenerator(small, { position: { startMs, next } }), kind);
      expect(rest.rows).toEqual(whole.rows.slice(whole.rows.length - rest.rows.length));
      expect(rest.rows.length + rest.deadLetters.length).toBe(400 - next);
    }
  });

  test("builds live fields alone, and they do not depend on which others are live", async () => {
    const all = await drain(await openGenerator({ ...options, count: 2000 }), kind);
    for (const { name } of streamFields[kind]) {
      const { rows } = await drain(await openGenerator({ ...options, count: 2000 }, { live: [name] }), kind);
      expect(Object.keys(rows[0])).toEqual(name === "timestamp" ? ["timestamp"] : ["timestamp", name]);
      expect(rows.map((row) => row[name])).toEqual(all.rows.map((row) => row[name]));
    }
  });
});

describe("order and disturbances", () => {
  const base = { kind: "payments", seed: 11, speed: null, count: 40_000, ratePerSecond: 50 } as const;

  /** Which rows are late by a watermark that trails the newest time by `disorderMs`. */
  function lateRows(rows: readonly Row[], disorderMs: number): Row[] {
    let newest = Number.NEGATIVE_INFINITY;
    return rows.filter((row) => {
      const time = Number(row.timestamp);
      const late = time <= newest - disorderMs - 1;
      newest = Math.max(newest, time);
      return late;
    });
  }

  function inversions(rows: readonly Row[]): number {
    return rows.filter((row, i) => i > 0 && Number(row.timestamp) < Number(rows[i - 1].timestamp)).length;
  }

  test("without disturbances the stream is in order and without repeats", async () => {
    const { rows } = await drain(await openGenerator(base), "payments");
    expect(inversions(rows)).toBe(0);
    expect(new Set(rows.map((row) => row.transaction_id)).size).toBe(40_000);
  });

  test("disorder reaches as far as it says, and a watermark that expects it loses nothing", async () => {
    const { rows } = await drain(await openGenerator({ ...base, disorderMs: 4000 }), "payments");
    expect(inversions(rows)).toBeGreaterThan(10_000);
    expect(lateRows(rows, 4000)).toEqual([]);
    expect(lateRows(rows, 3000).length).toBeGreaterThan(0);
  });

  test("the share of duplicates holds exactly; they are never late", async () => {
    for (const disorderMs of [0, 2000]) {
      const { rows } = await drain(await openGenerator({ ...base, disorderMs, duplicateShare: 0.03 }), "payments");
      const byId = Map.groupBy(rows, (row) => row.transaction_id);
      expect(rows.length - byId.size).toBe(1200);
      for (const copies of byId.values()) for (const copy of copies) expect(copy).toEqual(copies[0]);
      expect(lateRows(rows, disorderMs)).toEqual([]);
    }
  });

  test("duplicates leave the originals as they are", async () => {
    const plain = await drain(await openGenerator({ ...base, count: 1000 }), "payments");
    const doubled = await drain(await openGenerator({ ...base, count: 2000, duplicateShare: 0.5 }), "payments");
    const firsts = [...Map.groupBy(doubled.rows, (row) => row.transaction_id).values()].map(([first]) => first);
    expect(firsts).toEqual(plain.rows);
  });

  test("the share of late records holds, and they are as late as they say", async () => {
    const late = { ...base, disorderMs: 2000, lateShare: 0.02, lateByMs: 60_000 };
    const { rows } = await drain(await openGenerator(late), "payments");
    const found = lateRows(rows, 2000);
    expect(found.length / rows.length).toBeGreaterThan(0.018);
    expect(found.length / rows.length).toBeLessThan(0.022);
    expect(lateRows(rows, 2000 + 60_000)).toEqual([]);
    expect(lateRows(rows, 2000 + 25_000).length).toBe(found.length);
  });

  test("malformed records go to the dead letters, before the rows of their batch", async () => {
    const { rows, deadLetters } = await drain(await openGenerator({ ...base, malformedShare: 0.05 }), "payments");
    expect(rows.length + deadLetters.length).toBe(40_000);
    expect(deadLetters.length / 40_000).toBeCloseTo(0.05, 2);
    expect(() => JSON.parse(deadLetters[0].raw)).toThrow();
    const reader = await openGenerator({ ...base, malformedShare: 0.05 });
    let records = 0;
    for (let i = 0; i < 50; i++) {
      const chunk = await drain(reader, "payments", 1);
      chunk.deadLetters.forEach((letter, k) => {
        expect(letter.position).toBe(`record ${records + k + 1}`);
      });
      records += chunk.rows.length + chunk.deadLetters.length;
    }
  });
});

describe("time", () => {
  test("event time starts where the options say", async () => {
    for (const start of ["2026-03-01T08:00:00+01:00", Date.UTC(2026, 2, 1, 7)]) {
      const { rows } = await drain(await openGenerator({ kind: "logs", speed: null, count: 5, start }), "logs");
      expect(Number(rows[0].timestamp) - Date.UTC(2026, 2, 1, 7)).toBeLessThan(1000);
    }
  });

  test("without a start, the first opening is the start, also when it is restored before any record", async () => {
    const clock = createSimulatedClock(1_000_000);
    const reader = await openGenerator({ kind: "logs", count: 1, speed: null }, { clock });
    const first = await reader.poll();
    expect(first.kind === "batch" && first.batch.length).toBe(0);
    expect(reader.position()).toEqual({ startMs: 1_000_000, next: 0 });
    const later = createSimulatedClock(5_000_000);
    const restored = await openGenerator({ kind: "logs", count: 1, speed: null }, { clock: later, position: reader.position() });
    const { rows } = await drain(restored, "logs");
    expect(Number(rows[0].timestamp)).toBeLessThan(1_001_000);
  });

  test("event time keeps in step with the clock at the given speed", async () => {
    const clock = createSimulatedClock(0);
    const reader = await openGenerator({ kind: "logs", ratePerSecond: 30, speed: 60, swing: 0 }, { clock });
    const { rows, batches } = await drain(reader, "logs", 300);
    expect(Math.abs(Number(rows.at(-1)?.timestamp) - clock.now() * 60)).toBeLessThan(2000);
    expect(rows.length / (clock.now() / 1000)).toBeCloseTo(1800, -2);
    // Gathered for 20 ms, so some 36 records a batch rather than one or two.
    expect(rows.length / batches.length).toBeGreaterThan(20);
  });

  test("a slow stream waits without a record, at most 100 ms at a time", async () => {
    const clock = createSimulatedClock(0);
    const reader = await openGenerator({ kind: "logs", ratePerSecond: 0.5, speed: 1 }, { clock });
    await reader.poll();
    const kinds: string[] = [];
    for (let i = 0; i < 10; i++) {
      const before = clock.now();
      kinds.push((await reader.poll()).kind);
      expect(clock.now() - before).toBeLessThanOrEqual(100.001);
    }
    expect(kinds).toContain("idle");
  });

  test("after a restart it goes on at once and does not make up for the pause", async () => {
    const options = { kind: "logs", ratePerSecond: 100, speed: 1, swing: 0 } as const;
    const reader = await openGenerator(options, { clock: createSimulatedClock(0) });
    const before = await drain(reader, "logs", 500);
    const clock = createSimulatedClock(3_600_000);
    const after = await drain(await openGenerator(options, { clock, position: reader.position() }), "logs", 20);
    expect(Number(after.rows[0].timestamp) - Number(before.rows.at(-1)?.timestamp)).toBeLessThan(100);
    expect(after.rows.length).toBeLessThan(((clock.now() - 3_600_000) / 1000) * 100 + 10);
  });

  test("after a long pause of the machine at most five seconds are caught up", async () => {
    const clock = createSimulatedClock(0);
    const reader = await openGenerator({ kind: "logs", ratePerSecond: 100, speed: 1, swing: 0 }, { clock });
    await drain(reader, "logs", 50);
    clock.advance(3_600_000);
    const { rows } = await drain(reader, "logs", 10);
    expect(rows.length).toBeGreaterThan(450);
    expect(rows.length).toBeLessThan(600);
  });
});

describe("what it refuses", () => {
  test.each([
    [{ kind: "logs", ratePerSecond: 0 }, "ratePerSecond"],
    [{ kind: "logs", start: "tomorrow" }, "tomorrow"],
    [{ kind: "logs", start: "2026-01-01T10:00:00" }, "2026-01-01T10:00:00"],
    [{ kind: "payments", lateShare: 2 }, "lateShare"],
  ] as const)("%o", async (options, named) => {
    const opening = openGenerator(options);
    await expect(opening).rejects.toThrow(ConnectorError);
    await expect(opening).rejects.toThrow(named);
    await expect(opening).rejects.toMatchObject({ code: "GENERATOR_OPTIONS", retryable: false });
  });

  test("a position of another connector", async () => {
    await expect(openGenerator({ kind: "logs" }, { position: { offset: 12 } })).rejects.toMatchObject({ code: "GENERATOR_OPTIONS" });
  });
});
