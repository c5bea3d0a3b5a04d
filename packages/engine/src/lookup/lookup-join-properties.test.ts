import fc from "fast-check";
import { expect, test } from "vitest";
import type { Question } from "../dataflow/operator.ts";
import type { EmittedRow } from "../testing/operator-harness.ts";
import { endOfTime } from "../time/watermark.ts";
import { answerOf, answerTo, type Click, click, type LookupCase, lookupHarness } from "./testing/lookup-fixture.ts";

type Step =
  | { readonly kind: "records"; readonly names: readonly (string | null)[] }
  | { readonly kind: "watermark" }
  | { readonly kind: "answer"; readonly picks: readonly number[] }
  | { readonly kind: "restart" }
  | { readonly kind: "time"; readonly ms: number };

const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant("records" as const),
    names: fc.array(fc.constantFrom("a", "b", "n", "f", "cc", "an", null), { maxLength: 6 }),
  }),
  fc.record({ kind: fc.constant("watermark" as const) }),
  fc.record({ kind: fc.constant("answer" as const), picks: fc.array(fc.nat(20), { maxLength: 4 }) }),
  fc.record({ kind: fc.constant("restart" as const) }),
  fc.record({ kind: fc.constant("time" as const), ms: fc.constantFrom(1, 10, 200) }),
);

const caseArbitrary = fc.record({
  kind: fc.constantFrom("inner" as const, "left" as const),
  order: fc.constantFrom("ordered" as const, "unordered" as const),
  onFailure: fc.constantFrom("dead-letter" as const, "null" as const),
  cache: fc.option(
    fc.record({
      ttlMs: fc.constantFrom(5, 100),
      missingTtlMs: fc.constantFrom(0, 5),
      maxEntries: fc.integer({ min: 1, max: 3 }),
      inState: fc.boolean(),
    }),
  ),
});

/** What has to come out of a record, on which port; null when nothing has. */
function expected(of: Pick<LookupCase, "kind" | "onFailure">, { at, who, name }: Click): { port: string; row: EmittedRow } | null {
  const answer = who === null ? { kind: "none" as const } : answerTo([who]);
  if (answer.kind === "failed" && of.onFailure === "dead-letter") {
    return { port: "dead_letter", row: { fields: { at, who, name, dead_letter_reason: answer.reason }, timeMs: at, kind: "+I" } };
  }
  if (answer.kind !== "row") {
    return of.kind === "inner"
      ? null
      : { port: "out", row: { fields: { at, who, name, right_name: null, age: null }, timeMs: at, kind: "+I" } };
  }
  const [found, age] = answer.values;
  return { port: "out", row: { fields: { at, who, name, right_name: found, age }, timeMs: at, kind: "+I" } };
}

/** Runs steps; checks after each forwarded watermark that exactly the records before it are out. */
class Comparison {
  readonly #of: Pick<LookupCase, "kind" | "onFailure" | "order">;
  readonly #harness: ReturnType<typeof lookupHarness>;
  readonly #records: Click[] = [];
  /** How many records lay before each watermark. */
  readonly #before = new Map<number, number>();
  #asked: Question[] = [];
  #nowMs = 1000;

  constructor(of: Partial<LookupCase> & Pick<LookupCase, "kind" | "onFailure" | "order">, batchRows: number) {
    this.#of = of;
    this.#harness = lookupHarness(of, { batchRows });
  }

  apply(step: Step): void {
    if (step.kind === "records") {
      const records = step.names.map((who, i) => click(this.#records.length + i, who));
      this.#records.push(...records);
      this.#harness.send(records);
    } else if (step.kind === "watermark") this.#watermark(this.#records.length);
    else if (step.kind === "answer") for (const pick of step.picks) this.#answer(pick);
    else if (step.kind === "restart") {
      this.#harness.restart();
      this.#asked = [];
    } else {
      this.#nowMs += step.ms;
      this.#harness.processingTime(this.#nowMs);
    }
  }

  finish(): void {
    this.#watermark(endOfTime);
    for (let i = 0; this.#harness.gauges().bufferedRecords > 0; i++) this.#answer(i * 7);
    for (const port of ["out", "dead_letter"]) {
      const wanted = this.#records.flatMap((record) => expected(this.#of, record) ?? []).filter((row) => row.port === port);
      const rows = [...this.#harness.rows(port)];
      if (this.#of.order === "unordered") rows.sort((a, b) => a.timeMs - b.timeMs);
      expect(rows).toEqual(wanted.map(({ row }) => row));
    }
    expect(this.#harness.forwardedWatermark).toBe(endOfTime);
    expect(this.#harness.gauges().stateKeys).toBe(this.#harness.gauges().counters.cache_rows);
  }

  #watermark(value: number): void {
    this.#before.set(value, this.#records.length);
    const before = this.#harness.forwardedWatermark;
    this.#harness.watermark(value);
    if (this.#harness.forwardedWatermark > before) this.#checkOut(this.#harness.forwardedWatermark);
  }

  #answer(pick: number): void {
    this.#asked.push(...this.#harness.questions(1 + (pick % 3)));
    if (this.#asked.length === 0) return;
    const [question] = this.#asked.splice(pick % this.#asked.length, 1);
    for (const watermark of this.#harness.answer([answerOf(question)], this.#nowMs)) this.#checkOut(watermark);
  }

  /** All before the watermark are out. That none behind it is shows where rows are compared in order of watermarks. */
  #checkOut(watermark: number): void {
    const count = this.#before.get(watermark) ?? 0;
    const wanted = this.#records.slice(0, count).filter((record) => expected(this.#of, record) !== null).length;
    const out = [...this.#harness.rows("out"), ...this.#harness.rows("dead_letter")].filter((row) => row.timeMs < count).length;
    expect(out).toBe(wanted);
  }
}

test("whatever the order of answers, restarts, caches and batches: every record comes out once with its answer, before its watermark", () => {
  fc.assert(
    fc.property(caseArbitrary, fc.array(stepArbitrary, { maxLength: 40 }), fc.constantFrom(1, 7, 64, 1024), (of, steps, batchRows) => {
      const comparison = new Comparison(of, batchRows);
      for (const step of steps) comparison.apply(step);
      comparison.finish();
    }),
    { numRuns: 400 },
  );
});

test("no record overtakes a watermark", () => {
  const harness = lookupHarness({ order: "unordered", capacity: 10 });
  harness.send([click(1, "a")]);
  harness.watermark(1);
  harness.send([click(2, "b")]);
  const [a, b] = harness.questions();
  expect(harness.answer([answerOf(b)])).toEqual([]);
  expect(harness.rows()).toEqual([]);
  expect(harness.answer([answerOf(a)])).toEqual([1]);
  expect(harness.rows().map((row) => row.timeMs)).toEqual([1, 2]);
});
