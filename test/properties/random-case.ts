import type { JsonObject, JsonValue } from "@millrace/engine";
import { RandomSource } from "@millrace/engine/testing";
import { joinNodes } from "./draft-joins.ts";
import { lookupNodes } from "./draft-lookups.ts";
import { recordNodes } from "./draft-records.ts";
import { windowNodes } from "./draft-windows.ts";
import { type DraftField, PipelineDraft } from "./pipeline-draft.ts";
import { type FeedEvent, randomFeed } from "./random-feed.ts";

/** A pipeline and what its sources bring. */
export interface RandomCase {
  readonly seed: number;
  readonly document: JsonValue;
  /** By the path of the file that a source names. */
  readonly feeds: Readonly<Record<string, readonly FeedEvent[]>>;
  /** Decides how it is batched and where it is killed. */
  readonly variant: number;
}

const fields: readonly DraftField[] = [
  { name: "id", type: "bigint" },
  { name: "at", type: "timestamp" },
  { name: "who", type: "string" },
  { name: "n", type: "bigint" },
  { name: "x", type: "double" },
  { name: "ok", type: "boolean" },
  { name: "tags", type: "json" },
];
const disorders = [0, 1000, 5000];

/** The case of a seed: the same one for ever, as long as the generator does not change. */
export function randomCase(seed: number): RandomCase {
  const random = new RandomSource(seed * 0x9e3779b1 + 0x51ed27);
  for (let k = 0; k < 3; k++) random.fraction();
  const draft = new PipelineDraft();
  const feeds: Record<string, readonly FeedEvent[]> = {};
  const sources = random.chance(0.35) ? 2 : 1;
  for (let s = 0; s < sources; s++) addSource(random, draft, feeds, `feed${s}`, sources === 1);
  const families = [recordNodes, windowNodes, joinNodes, lookupNodes];
  for (let left = 1 + random.below(6); left > 0; left--) random.pick(random.pick(families))(random, draft);
  addSinks(random, draft);
  return { seed, document: draft.document(), feeds, variant: random.below(1 << 30) };
}

/**
 * With a single source anything may come, late records included. Of two sources it is not defined in which order their
 * records meet, and so neither which of them are late: there all records are on time.
 */
function addSource(
  random: RandomSource,
  draft: PipelineDraft,
  feeds: Record<string, readonly FeedEvent[]>,
  path: string,
  alone: boolean,
): void {
  const disorderMs = random.pick(disorders);
  const splits = alone && random.chance(0.3) ? 1 + random.below(3) : 1;
  const gaps = alone && random.chance(0.3);
  draft.goesIdle ||= gaps;
  const nullTime = random.pick(["drop", "keep"]);
  const params = {
    path,
    fields: fields.map(({ name, type }) => ({ name, type })),
    timeField: "at",
    disorder: `${disorderMs}ms`,
    nullTime,
    ...(gaps ? { idleTimeout: "1s" } : {}),
    ...(alone ? randomTimeParams(random, gaps) : {}),
  };
  const slug = draft.node("file-source", params, {});
  draft.offer({ port: `${slug}.out`, fields, timed: true, changelog: "append", ordered: true });
  // Of what is read at once, lines that are no records come before records whose times are refused.
  const ordered = nullTime === "keep" && !("maxAhead" in params);
  if (random.chance(0.2))
    draft.offer({ port: `${slug}.dead_letter`, fields: deadLetterFields, timed: false, changelog: "append", ordered });
  const realDisorderMs = alone ? random.pick([disorderMs, disorderMs * 3 + 2000]) : disorderMs;
  feeds[path] = randomFeed(random, { disorderMs: realDisorderMs, splits, gaps, records: random.below(40), nullTimes: random.chance(0.4) });
}

/** Watermarks that some records move, and times that are too far ahead of the clock (which stands still but for gaps). */
function randomTimeParams(random: RandomSource, gaps: boolean): JsonObject {
  const punctuation = random.pick(["ok", "n > 1 OR ok", "CASE WHEN n > 0 THEN at - INTERVAL '3' SECOND END"]);
  return {
    ...(random.chance(0.15) ? { watermarks: "punctuated", punctuation } : {}),
    ...(!gaps && random.chance(0.1) ? { maxAhead: "5s", futureTime: random.pick(["dead-letter", "hold"]) } : {}),
  };
}

const deadLetterFields: readonly DraftField[] = ["position", "reason", "raw"].map((name) => ({ name, type: "string" }));

/** A sink on everything that nobody reads, and on some of the rest. */
function addSinks(random: RandomSource, draft: PipelineDraft): void {
  for (const stream of draft.streams) {
    const wanted = draft.isRead(stream) ? 0.15 : 0.85;
    if (random.chance(wanted) || stream === draft.streams.at(-1)) draft.node("file-sink", { path: stream.port }, { in: [stream] });
  }
}
