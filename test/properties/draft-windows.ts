import type { JsonObject } from "@millrace/engine";
import type { RandomSource } from "@millrace/engine/testing";
import { randomAggregates } from "./draft-aggregates.ts";
import { fieldsOf, randomCondition } from "./draft-expressions.ts";
import { type AddNode, isPlain, pickStream, randomKeys } from "./draft-records.ts";
import type { DraftField, DraftStream, PipelineDraft } from "./pipeline-draft.ts";

const bounds: readonly DraftField[] = [
  { name: "window_start", type: "timestamp" },
  { name: "window_end", type: "timestamp" },
];

const sessionBounds: readonly DraftField[] = [
  ...bounds,
  { name: "last_event_time", type: "timestamp" },
  { name: "duration", type: "interval" },
];

function isFinal(stream: DraftStream): boolean {
  return stream.timed && stream.changelog === "append";
}

function window(type: string, shapeOf: (random: RandomSource, ordered: boolean) => JsonObject): AddNode {
  return (random, draft) => {
    const input = pickStream(random, draft, isFinal);
    if (input === null) return;
    const keys = randomKeys(random, input);
    // Behind a key-by, an empty list of keys takes those of the stream, which are not tracked here.
    if (keys.length === 0 && hasOwnKey(draft)) return;
    const aggregates = randomAggregates(random, input, !input.ordered);
    const output = input.ordered ? random.pick(["append", "append", "update", "retract"] as const) : "append";
    const early = earlyResults(random, output, type, input.ordered);
    const params = {
      keyBy: keys,
      ...early,
      ...shapeOf(random, input.ordered),
      aggregates: aggregates.params,
      allowedLateness: random.pick(["0s", "0s", "5s", "20s"]),
      output,
    };
    const slug = draft.node(type, params, { in: [input] });
    const keyFields = input.fields.filter(({ name }) => keys.includes(name));
    const fields = [...keyFields, ...(type === "session-window" ? sessionBounds : bounds), ...aggregates.fields];
    // Early results come with records, others with watermarks: which of two keys' or windows' is first depends on batches.
    const ordered = input.ordered && early.early === undefined;
    draft.offer({ port: `${slug}.out`, fields, timed: true, changelog: output, ordered, heldBack: true });
    draft.offer({ ...input, port: `${slug}.late`, heldBack: true });
  };
}

/** Results before the end of a window with every so many records; those by time come at watermarks, which depend on batches. */
function earlyResults(random: RandomSource, output: string, type: string, ordered: boolean): JsonObject {
  if (!ordered || output === "append" || random.chance(0.7)) return {};
  return { early: "records", earlyRecords: type === "session-window" ? 1 : 1 + random.below(3) };
}

function hasOwnKey(draft: PipelineDraft): boolean {
  return draft.streams.some(({ port }) => port.includes("key_by"));
}

const tumbling = window("tumbling-window", (random) =>
  random.chance(0.1)
    ? { unit: random.pick(["day", "week", "month"]), zone: random.pick(["UTC", "Europe/Berlin", "America/Havana"]) }
    : { size: random.pick(["1s", "10s", "30s"]), offset: random.pick(["0s", "500ms"]) },
);
const hopping = window("hopping-window", (random) => ({
  size: "20s",
  slide: random.pick(["5s", "7s", "20s"]),
  offset: random.pick(["0s", "3s"]),
}));
const cumulate = window("cumulate-window", (random) => ({
  size: "30s",
  step: random.pick(["5s", "10s"]),
  offset: random.pick(["0s", "3s"]),
}));
const session = window("session-window", (random, ordered) => ({
  gap: random.pick(["2s", "8s", "30s"]),
  // Where a session is cut depends on the order in which its records came.
  ...(ordered && random.chance(0.3) ? { maxDuration: random.pick(["10s", "40s"]) } : {}),
}));

const lookBack: AddNode = (random, draft) => {
  const input = pickStream(random, draft, (stream) => isPlain(stream) && stream.fields.every(({ name }) => !/^r\d$/.test(name)));
  if (input === null) return;
  const aggregates = randomAggregates(random, input, false);
  const slug = draft.node(
    "look-back",
    { keyBy: randomKeys(random, input), range: random.pick(["1s", "10s", "1m"]), aggregates: aggregates.params },
    { in: [input] },
  );
  draft.offer({ ...input, port: `${slug}.out`, fields: [...input.fields, ...aggregates.fields] });
  draft.offer({ ...input, port: `${slug}.late` });
};

const topN: AddNode = (random, draft) => {
  const input = pickStream(random, draft, (stream) => isPlain(stream) && fieldsOf(stream, "bigint", "double").length > 0);
  if (input === null) return;
  const output = random.pick(["append", "append", "update"] as const);
  const by = random.pick(fieldsOf(input, "bigint", "double")).name;
  const params = {
    keyBy: randomKeys(random, input),
    by,
    order: random.pick(["ascending", "descending"]),
    limit: 1 + random.below(3),
    size: random.pick(["5s", "20s"]),
    output,
    ties: output === "append" && random.pick([true, false]),
  };
  const slug = draft.node("top-n", params, { in: [input] });
  const own = new Set(["window_start", "window_end", "rank"]);
  const fields: DraftField[] = [...bounds, { name: "rank", type: "bigint" }, ...input.fields.filter(({ name }) => !own.has(name))];
  draft.offer({ port: `${slug}.out`, fields, timed: true, changelog: output, ordered: input.ordered });
  draft.offer({ ...input, port: `${slug}.late` });
};

const alert: AddNode = (random, draft) => {
  const input = pickStream(random, draft, (stream) => stream.timed && stream.ordered && stream.changelog !== "retract" && !clashes(stream));
  if (input === null) return;
  const keys = randomKeys(random, input, 1);
  if (keys.length === 0) return;
  const params = {
    keyBy: keys,
    raiseWhen: randomCondition(random, input),
    ...(random.chance(0.5) ? { clearWhen: randomCondition(random, input) } : {}),
    suppress: random.pick(["0s", "0s", "10s"]),
    ...(random.chance(0.3) ? { repeat: random.pick(["1s", "10s"]) } : {}),
  };
  draft.offer({ ...alertStream(input), port: `${draft.node("threshold-alert", params, { in: [input] })}.out` });
};

const alertNames = ["alert_key", "transition", "severity", "title", "raised_at", "at"];

function clashes(stream: DraftStream): boolean {
  return stream.fields.some(({ name }) => alertNames.includes(name));
}

function alertStream(input: DraftStream): DraftStream {
  const type = (name: string): DraftField["type"] => (name === "raised_at" || name === "at" ? "timestamp" : "string");
  return { ...input, changelog: "append", fields: [...alertNames.map((name) => ({ name, type: type(name) })), ...input.fields] };
}

/**
 * Windows by count, and totals so far: neither has window bounds. What comes of records without a time, or is left at the
 * end, may be behind the watermark: where it meets another stream, whether it is late depends on how far that one is.
 */
const counts: AddNode = (random, draft) => {
  const input = pickStream(random, draft, (stream) => stream.ordered && stream.changelog === "append");
  if (input === null) return;
  const keys = randomKeys(random, input);
  if (keys.length === 0 && hasOwnKey(draft)) return;
  const aggregates = randomAggregates(random, input, false);
  const keyFields = input.fields.filter(({ name }) => keys.includes(name));
  const size = 1 + random.below(5);
  const common = { keyBy: keys, aggregates: aggregates.params };
  const output = random.pick(["append", "update", "retract"] as const);
  const offer = (slug: string, changelog: DraftStream["changelog"]): void => {
    draft.offer({
      port: `${slug}.out`,
      fields: [...keyFields, ...aggregates.fields],
      timed: input.timed,
      changelog,
      ordered: true,
      delayed: true,
    });
  };
  const kind = random.pick(["count-window", "running-aggregate", "global-window"]);
  if (kind === "count-window") {
    offer(draft.node(kind, { ...common, size, slide: 1 + random.below(size), incomplete: random.chance(0.3) }, { in: [input] }), "append");
  } else if (kind === "running-aggregate") offer(draft.node(kind, { ...common, output }, { in: [input] }), output);
  else {
    const purge = random.chance(0.5);
    offer(draft.node(kind, { ...common, records: size, purge, output }, { in: [input] }), purge ? "append" : output);
  }
};

const assign: AddNode = (random, draft) => {
  const input = pickStream(random, draft, (stream) => isFinal(stream) && stream.fields.every(({ name }) => !/^window_/.test(name)));
  if (input === null) return;
  const shape: JsonObject = random.pick([
    { kind: "tumbling", size: "10s" },
    { kind: "hopping", size: "20s", slide: "7s" },
    { kind: "cumulate", size: "30s", step: "10s" },
    { kind: "session", gap: "8s", keyBy: randomKeys(random, input) },
  ]);
  const slug = draft.node("assign-windows", shape, { in: [input] });
  draft.offer({ ...input, port: `${slug}.out`, fields: [...input.fields, ...bounds], ordered: input.ordered && shape.kind !== "session" });
  draft.offer({ ...input, port: `${slug}.late` });
};

/** Nodes that keep the past of each key. */
export const windowNodes: readonly AddNode[] = [tumbling, hopping, cumulate, session, lookBack, topN, alert, counts, counts, assign];
