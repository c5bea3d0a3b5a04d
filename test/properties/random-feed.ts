import type { RandomSource } from "@millrace/engine/testing";

/** One thing that a source brings. */
export type FeedEvent =
  | { readonly kind: "line"; readonly split: string; readonly text: string }
  /** Nothing comes for longer than any idle timeout. */
  | { readonly kind: "gap" };

export interface FeedShape {
  /** Records are at most this far behind the newest before them, ms; beyond the source's bound they are late. */
  readonly disorderMs: number;
  readonly splits: number;
  readonly gaps: boolean;
  readonly records: number;
  /** Whether times may be missing. */
  readonly nullTimes: boolean;
}

const startMs = 1_700_000_000_000;
const tags: readonly unknown[] = [[], ["a"], ["a", 1, null], [["x"], {}], null, "no list", { b: 1 }];

/** Records with duplicates, disorder, NULLs in keys, values and times, missing members, and a line that is no record. */
export function randomFeed(random: RandomSource, shape: FeedShape): FeedEvent[] {
  const events: FeedEvent[] = [];
  const stepMs = random.pick([10, 500, 2000, 4000]);
  let newestMs = startMs;
  for (let id = 0; id < shape.records; id++) {
    const split = `p${random.below(shape.splits)}`;
    if (shape.gaps && random.chance(0.05)) events.push({ kind: "gap" });
    if (random.chance(0.02)) events.push({ kind: "line", split, text: random.pick(['{"id":', "[]", '{"id":"x"}', "7"]) });
    const ahead = random.chance(0.05) ? random.below(40_000) : random.below(stepMs);
    newestMs += ahead;
    const atMs = newestMs - (random.chance(0.4) ? random.below(shape.disorderMs + 1) : 0);
    const at = shape.nullTimes && random.chance(0.05) ? null : atMs;
    const text = JSON.stringify(randomRecord(random, id, at));
    events.push({ kind: "line", split, text });
    if (random.chance(0.08)) events.push({ kind: "line", split, text });
  }
  // Now and then all is idle when the end comes.
  if (shape.gaps && newestMs % 4 === 0) events.push({ kind: "gap" });
  return events;
}

function randomRecord(random: RandomSource, id: number, at: number | null): Record<string, unknown> {
  const maybe = <T>(value: T): T | null => (random.chance(0.1) ? null : value);
  const record: Record<string, unknown> = {
    id,
    at,
    who: maybe(random.pick(["a", "b", "c", "null", ""])),
    n: maybe(random.below(7) - 2),
    x: maybe((random.below(40) - 20) / 4),
    ok: maybe(random.chance(0.5)),
    tags: random.pick(tags),
  };
  if (random.chance(0.05)) delete record.n;
  return record;
}
