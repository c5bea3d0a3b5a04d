import type { RandomSource } from "@millrace/engine/testing";
import { fieldsOf, randomCondition, randomValueOf } from "./draft-expressions.ts";
import type { DraftField, DraftStream, PipelineDraft } from "./pipeline-draft.ts";

/** Adds one node behind one of the streams; does nothing when none of them suits it. */
export type AddNode = (random: RandomSource, draft: PipelineDraft) => void;

/** Picks a stream that suits; null when there is none. */
export function pickStream(random: RandomSource, draft: PipelineDraft, suits: (stream: DraftStream) => boolean): DraftStream | null {
  const candidates = draft.streams.filter(suits);
  // Younger streams more often, so that pipelines grow long rather than wide.
  return candidates.length === 0 ? null : candidates[Math.max(random.below(candidates.length), random.below(candidates.length))];
}

/** Results and bounds of windows: as keys they would clash with those of the next window. */
const resultName = /^(?:r\d+|window_start|window_end|last_event_time|duration|rank|match_start|match_end|a_count)$/;

/** Key fields of a stream, now and then none. */
export function randomKeys(random: RandomSource, stream: DraftStream, min = 0): string[] {
  const names = fieldsOf(stream, "string", "bigint", "boolean", "double")
    .map(({ name }) => name)
    .filter((name) => !resultName.test(name));
  const keys: string[] = [];
  for (let i = Math.max(min, random.pick([0, 1, 1, 1, 2])); i > 0 && names.length > 0; i--) {
    const [name] = names.splice(random.below(Math.min(names.length, 4)), 1);
    keys.push(name);
  }
  return keys.length < min ? [] : keys;
}

const filter: AddNode = (random, draft) => {
  const input = pickStream(random, draft, () => true);
  if (input === null) return;
  const slug = draft.node("filter", { where: randomCondition(random, input) }, { in: [input] });
  draft.offer({ ...input, port: `${slug}.out` });
};

const mapFields: AddNode = (random, draft) => {
  const input = pickStream(random, draft, ({ fields }) => fields.length < 16);
  if (input === null) return;
  const { value, type } = randomValueOf(random, input);
  const name = random.chance(0.2) ? random.pick(input.fields).name : `v${draft.streams.length}`;
  if (random.chance(0.5)) {
    const slug = draft.node("map-fields", { mode: "add", fields: [{ name, value }] }, { in: [input] });
    const fields = input.fields.filter((field) => field.name !== name);
    draft.offer({
      ...input,
      port: `${slug}.out`,
      fields: fields.length === input.fields.length ? [...fields, { name, type }] : replaced(input.fields, name, type),
    });
    return;
  }
  const kept = input.fields.filter(() => random.chance(0.7)).filter((field) => field.name !== name);
  const fields = [...kept.map((field) => ({ name: field.name, value: field.name })), { name, value }];
  const slug = draft.node("map-fields", { mode: "keep", fields }, { in: [input] });
  draft.offer({ ...input, port: `${slug}.out`, fields: [...kept, { name, type }] });
};

function replaced(fields: readonly DraftField[], name: string, type: DraftField["type"]): DraftField[] {
  return fields.map((field) => (field.name === name ? { name, type } : field));
}

const keyBy: AddNode = (random, draft) => {
  const input = pickStream(random, draft, (stream) => fieldsOf(stream, "string", "bigint").length > 0);
  const fields = input === null ? [] : randomKeys(random, input, 1);
  if (input === null || fields.length === 0) return;
  const slug = draft.node("key-by", { fields }, { in: [input] });
  draft.offer({ ...input, port: `${slug}.out` });
};

const branch: AddNode = (random, draft) => {
  const input = pickStream(random, draft, () => true);
  if (input === null) return;
  const branches = Array.from({ length: 1 + random.below(2) }, (_, i) => ({ name: `b${i}`, where: randomCondition(random, input) }));
  const slug = draft.node("branch", { branches }, { in: [input] });
  for (const port of [...branches.map(({ name }) => name), "otherwise"]) draft.offer({ ...input, port: `${slug}.${port}` });
};

const union: AddNode = (random, draft) => {
  const first = pickStream(random, draft, ({ delayed }) => delayed !== true);
  if (first === null) return;
  const same = (stream: DraftStream): boolean =>
    stream !== first &&
    draft.mayMeet(stream, first) &&
    stream.delayed !== true &&
    stream.timed === first.timed &&
    stream.changelog === "append" &&
    first.changelog === "append" &&
    JSON.stringify(stream.fields) === JSON.stringify(first.fields);
  const second = pickStream(random, draft, same);
  if (second === null) return;
  const slug = draft.node("union", {}, { in: [first, second] });
  draft.offer({ ...first, port: `${slug}.out`, ordered: false });
};

const deduplicate: AddNode = (random, draft) => {
  const input = pickStream(random, draft, (stream) => isPlain(stream) && fieldsOf(stream, "string", "bigint").length > 0);
  const keys = input === null ? [] : randomKeys(random, input, 1);
  if (input === null || keys.length === 0) return;
  const keep = random.pick(["first", "first", "last"]);
  const slug = draft.node("deduplicate", { keyBy: keys, keep, ttl: random.pick(["5s", "20s", "2m"]) }, { in: [input] });
  draft.offer({ ...input, port: `${slug}.out`, changelog: keep === "last" ? "update" : "append" });
  draft.offer({ ...input, port: `${slug}.late` });
};

const unnest: AddNode = (random, draft) => {
  const input = pickStream(random, draft, (stream) => stream.changelog !== "update" && fieldsOf(stream, "json").length > 0);
  if (input === null) return;
  const { name } = random.pick(fieldsOf(input, "json"));
  const position = random.chance(0.5) ? `p${draft.streams.length}` : "";
  const as = `e${draft.streams.length}`;
  const slug = draft.node("unnest", { field: name, as, position, keepEmpty: random.chance(0.5) }, { in: [input] });
  const fields = input.fields.map((field): DraftField => (field.name === name ? { name: as, type: "json" } : field));
  draft.offer({ ...input, port: `${slug}.out`, fields: position === "" ? fields : [...fields, { name: position, type: "bigint" }] });
};

const sample: AddNode = (random, draft) => {
  const input = pickStream(random, draft, (stream) => fieldsOf(stream, "string", "bigint").length > 0);
  const keys = input === null ? [] : randomKeys(random, input, 1);
  if (input === null || keys.length === 0) return;
  const slug = draft.node("sample", { keyBy: keys, percent: random.pick([10, 50, 90]) }, { in: [input] });
  draft.offer({ ...input, port: `${slug}.out` });
};

const rateLimit: AddNode = (random, draft) => {
  const input = pickStream(random, draft, isPlain);
  if (input === null) return;
  const params = { keyBy: randomKeys(random, input), limit: 1 + random.below(3), interval: random.pick(["5s", "10s", "1m"]) };
  const slug = draft.node("rate-limit", params, { in: [input] });
  for (const port of ["out", "over", "late"]) draft.offer({ ...input, port: `${slug}.${port}` });
};

/** Final records in event time, in an order that does not depend on batches. */
export function isPlain(stream: DraftStream): boolean {
  return stream.timed && stream.ordered && stream.changelog === "append";
}

/** Nodes over single records. */
export const recordNodes: readonly AddNode[] = [filter, mapFields, keyBy, branch, union, deduplicate, unnest, sample, rateLimit];
