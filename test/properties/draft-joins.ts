import type { JsonObject } from "@millrace/engine";
import type { RandomSource } from "@millrace/engine/testing";
import { fieldsOf, randomCondition } from "./draft-expressions.ts";
import { type AddNode, isPlain, pickStream, randomKeys } from "./draft-records.ts";
import type { DraftField, DraftStream, PipelineDraft } from "./pipeline-draft.ts";

interface Pair {
  readonly left: DraftStream;
  readonly right: DraftStream;
  readonly keys: { readonly leftKeys: string[]; readonly rightKeys: string[]; readonly rightPrefix: string; readonly nullsMatch: boolean };
}

/** Two streams with a field of one type each to join by. */
function pickPair(random: RandomSource, draft: PipelineDraft): Pair | null {
  const suits = (stream: DraftStream): boolean =>
    stream.timed && stream.changelog === "append" && stream.fields.length < 16 && stream.delayed !== true;
  const left = pickStream(random, draft, suits);
  const right = pickStream(random, draft, (stream) => suits(stream) && stream !== left);
  if (left === null || right === null || !draft.mayMeet(left, right)) return null;
  const type = random.pick(["string", "bigint"] as const);
  const [a, b] = [fieldsOf(left, type), fieldsOf(right, type)];
  if (a.length === 0 || b.length === 0) return null;
  const rightPrefix = `j${draft.streams.length}_`;
  const nullsMatch = random.chance(0.2);
  return { left, right, keys: { leftKeys: [random.pick(a).name], rightKeys: [random.pick(b).name], rightPrefix, nullsMatch } };
}

function joinedFields({ left, right, keys }: Pair): DraftField[] {
  const names = new Set(left.fields.map(({ name }) => name));
  return [...left.fields, ...right.fields.map(({ name, type }) => ({ name: names.has(name) ? `${keys.rightPrefix}${name}` : name, type }))];
}

function offerLate(draft: PipelineDraft, slug: string, { left, right }: Pair, ports: readonly string[]): void {
  for (const port of ports) draft.offer({ ...(port === "late_left" ? left : right), port: `${slug}.${port}`, ordered: false });
}

const intervalJoin: AddNode = (random, draft) => {
  const pair = pickPair(random, draft);
  if (pair === null) return;
  const params: JsonObject = {
    ...pair.keys,
    kind: random.pick(["inner", "left", "right", "full"]),
    ...random.pick([
      { from: "5s", fromSide: "before", to: "5s", toSide: "after" },
      { from: "0s", fromSide: "before", to: "10s", toSide: "after" },
      { from: "20s", fromSide: "before", to: "5s", toSide: "before" },
      { from: "2s", fromSide: "after", to: "9s", toSide: "after" },
    ]),
  };
  const slug = draft.node("interval-join", params, { left: [pair.left], right: [pair.right] });
  draft.offer({ port: `${slug}.out`, fields: joinedFields(pair), timed: true, changelog: "append", ordered: false, heldBack: true });
  offerLate(draft, slug, pair, ["late_left", "late_right"]);
};

const windowJoin: AddNode = (random, draft) => {
  const pair = pickPair(random, draft);
  const bounds = ["window_start", "window_end"];
  if (pair === null || [...pair.left.fields, ...pair.right.fields].some(({ name }) => bounds.includes(name))) return;
  const kind = random.pick(["inner", "left", "right", "full", "semi", "anti", "not-in"]);
  const shape = random.chance(0.5) ? { window: "tumbling", size: "10s" } : { window: "hopping", size: "20s", slide: "5s" };
  const slug = draft.node("window-join", { ...pair.keys, kind, ...shape }, { left: [pair.left], right: [pair.right] });
  const windowFields = bounds.map((name): DraftField => ({ name, type: "timestamp" }));
  const both = joinedFields(pair);
  const fields = [
    ...pair.left.fields,
    ...windowFields,
    ...(["semi", "anti", "not-in"].includes(kind) ? [] : both.slice(pair.left.fields.length)),
  ];
  draft.offer({ port: `${slug}.out`, fields, timed: true, changelog: "append", ordered: false });
  offerLate(draft, slug, pair, ["late_left", "late_right"]);
};

const temporalJoin: AddNode = (random, draft) => {
  const pair = pickPair(random, draft);
  // Of two versions with one time the one that came last counts.
  if (pair === null || !pair.right.ordered) return;
  const slug = draft.node(
    "temporal-join",
    { ...pair.keys, kind: random.pick(["left", "inner"]) },
    { left: [pair.left], right: [pair.right] },
  );
  draft.offer({ port: `${slug}.out`, fields: joinedFields(pair), timed: true, changelog: "append", ordered: false });
  offerLate(draft, slug, pair, ["late_left"]);
};

const regularJoin: AddNode = (random, draft) => {
  const pair = pickPair(random, draft);
  if (pair === null) return;
  const kind = random.pick(["inner", "left", "right", "full"] as const);
  // Long enough that nothing is ever forgotten: what a record meets would depend on when its watermark came.
  const params = { ...pair.keys, kind, leftTtl: "366d", rightTtl: "366d" };
  const slug = draft.node("regular-join", params, { left: [pair.left], right: [pair.right] });
  const changelog = kind === "inner" ? "append" : "retract";
  draft.offer({ port: `${slug}.out`, fields: joinedFields(pair), timed: false, changelog, ordered: false });
};

const contiguities = ["next", "followedBy", "followedByAny"] as const;
const skips = ["noSkip", "skipToNext", "skipPastLastEvent"] as const;

/** How often a stage comes; whether it may be left out. */
function randomTimes(random: RandomSource, mayLack: boolean): JsonObject {
  return {
    min: 1,
    max: random.pick([1, 2, 3, null]),
    ...(random.chance(0.3) ? { greedy: true } : {}),
    ...(mayLack && random.chance(0.4) ? { optional: true } : {}),
    ...(random.chance(0.3) ? { inner: "consecutive" } : {}),
  };
}

const pattern: AddNode = (random, draft) => {
  const input = pickStream(random, draft, (stream) => isPlain(stream) && fieldsOf(stream, "string", "bigint").length > 0);
  if (input === null) return;
  const keys = randomKeys(random, input, 1);
  if (keys.length === 0) return;
  const isAbsence = random.chance(0.2);
  const stages = ["a", "b", "c"].slice(0, 1 + random.below(3)).map((name, i, { length }) => ({
    name,
    ...(i === 0 ? {} : { contiguity: random.pick(contiguities) }),
    where: randomCondition(random, input),
    ...(random.chance(0.3) ? { times: randomTimes(random, i > 0 && !(isAbsence && i === length - 1)) } : {}),
    ...(i > 0 && random.chance(0.2) ? { withinPrevious: random.pick(["500ms", "3s"]) } : {}),
  }));
  if (isAbsence) stages.push({ name: "absent", contiguity: "notFollowedBy" as never, where: randomCondition(random, input) });
  const params = {
    keyBy: keys,
    stages,
    within: random.pick(["5s", "20s"]),
    skip: random.pick(skips),
    measures: [{ name: "a_count", value: "COUNT(a)" }],
  };
  const slug = draft.node("event-pattern", params, { in: [input] });
  const times: DraftField[] = ["match_start", "match_end"].map((name) => ({ name, type: "timestamp" }));
  const keyFields = keys.flatMap((key) => input.fields.filter(({ name }) => name === key));
  const fields = [...keyFields, ...times, { name: "a_count", type: "bigint" } as const];
  draft.offer({ port: `${slug}.out`, fields, timed: true, changelog: "append", ordered: input.ordered });
  draft.offer({ port: `${slug}.timeout`, fields, timed: true, changelog: "append", ordered: input.ordered });
  draft.offer({ ...input, port: `${slug}.late` });
};

/** Nodes over two streams, and patterns. */
export const joinNodes: readonly AddNode[] = [intervalJoin, windowJoin, temporalJoin, regularJoin, pattern, pattern];
