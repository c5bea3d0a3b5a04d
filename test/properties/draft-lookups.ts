import { fieldsOf, randomCondition } from "./draft-expressions.ts";
import { type AddNode, isPlain, pickStream, randomKeys } from "./draft-records.ts";
import type { DraftField } from "./pipeline-draft.ts";

/** Rows by a text and by a number; one of them does not fit the type of its field. */
const rows = 'name,number,label,weight\na,1,Ann,1.5\nb,2,"B, or not",x\n,3,nobody,2\nnull,-2,Null,\n';

const tableLookup: AddNode = (random, draft) => {
  const suits = fieldsOf;
  const input = pickStream(random, draft, (stream) => stream.changelog === "append" && suits(stream, "string", "bigint").length > 0);
  if (input === null || input.fields.length > 14) return;
  const { name, type } = random.pick(suits(input, "string", "bigint"));
  const answer: DraftField[] = [
    { name: "label", type: "string" },
    { name: "weight", type: "double" },
  ];
  const prefix = `l${draft.streams.length}_`;
  const params = {
    rows,
    where: [{ name: type === "string" ? "name" : "number", value: name }],
    fields: answer.map((field) => ({ ...field })) as never,
    kind: random.pick(["left", "inner"]),
    failure: random.pick(["dead-letter", "null"]),
    rightPrefix: prefix,
  };
  const slug = draft.node("table-lookup", params, { in: [input] });
  const taken = new Set(input.fields.map((field) => field.name));
  const added = answer.map((field): DraftField => ({ ...field, name: taken.has(field.name) ? `${prefix}${field.name}` : field.name }));
  draft.offer({ ...input, port: `${slug}.out`, fields: [...input.fields, ...added], delayed: true });
  const reason: DraftField = { name: "dead_letter_reason", type: "string" };
  const letters = [...input.fields.filter((field) => field.name !== reason.name), reason];
  draft.offer({ ...input, port: `${slug}.dead_letter`, fields: letters, delayed: true });
};

const featureFlag: AddNode = (random, draft) => {
  const input = pickStream(random, draft, isPlain);
  if (input === null) return;
  const keys = randomKeys(random, input);
  const flagNames = ["transition", "is_set", "at", "expires_at", "reason", "set_for"];
  if (keys.some((key) => flagNames.includes(key))) return;
  // Without keys it takes that of the stream, which may be the transition of an alert or a flag before it.
  if (keys.length === 0 && input.fields.some(({ name }) => name === "transition")) return;
  const params = {
    keyBy: keys,
    setWhen: randomCondition(random, input),
    ttl: random.pick(["5s", "20s", "1m"]),
    ...(random.chance(0.5) ? { unsetWhen: randomCondition(random, input) } : {}),
    ...(random.chance(0.5) ? { extend: random.pick(["1ms", "5s"]) } : {}),
  };
  const slug = draft.node("feature-flag", params, { in: [input] });
  const own: DraftField[] = [
    { name: "transition", type: "string" },
    { name: "is_set", type: "boolean" },
    { name: "at", type: "timestamp" },
    { name: "expires_at", type: "timestamp" },
    { name: "reason", type: "string" },
    { name: "set_for", type: "bigint" },
  ];
  const fields = [...keys.flatMap((key) => input.fields.filter(({ name }) => name === key)), ...own];
  draft.offer({ port: `${slug}.out`, fields, timed: true, changelog: "append", ordered: false });
  draft.offer({ ...input, port: `${slug}.late` });
};

const split: AddNode = (random, draft) => {
  const input = pickStream(random, draft, () => true);
  if (input === null) return;
  const branches = ["s0", "s1"].map((name) => ({ name, where: randomCondition(random, input) }));
  const slug = draft.node("split", { branches }, { in: [input] });
  for (const port of ["s0", "s1", "otherwise"]) draft.offer({ ...input, port: `${slug}.${port}` });
};

const abSplit: AddNode = (random, draft) => {
  const input = pickStream(random, draft, (stream) => fieldsOf(stream, "string", "bigint").length > 0);
  const keys = input === null ? [] : randomKeys(random, input, 1);
  if (input === null || keys.length === 0) return;
  const slug = draft.node("ab-split", { keyBy: keys, percent: random.pick([10, 50, 90]) }, { in: [input] });
  for (const port of ["a", "b"]) draft.offer({ ...input, port: `${slug}.${port}` });
};

const strictMap: AddNode = (random, draft) => {
  const input = pickStream(random, draft, (stream) => fieldsOf(stream, "string").length > 0 && stream.fields.length < 16);
  if (input === null) return;
  const name = `c${draft.streams.length}`;
  const value = `CAST(${random.pick(fieldsOf(input, "string")).name} AS BIGINT)`;
  const slug = draft.node("map-fields", { mode: "add", fields: [{ name, value }], strict: true }, { in: [input] });
  draft.offer({ ...input, port: `${slug}.out`, fields: [...input.fields, { name, type: "bigint" }] });
  const reason: DraftField = { name: "dead_letter_reason", type: "string" };
  const letters = [...input.fields.filter((field) => field.name !== reason.name), reason];
  draft.offer({ ...input, port: `${slug}.dead_letter`, fields: letters });
};

/** Nodes that look things up, keep flags, split streams and part off what fails. */
export const lookupNodes: readonly AddNode[] = [tableLookup, tableLookup, featureFlag, split, abSplit, strictMap];
