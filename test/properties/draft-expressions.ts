import type { RandomSource } from "@millrace/engine/testing";
import type { DraftField, DraftStream, DraftType } from "./pipeline-draft.ts";

const literals: Readonly<Record<DraftType, readonly string[]>> = {
  string: ["'a'", "'b'", "''", "'null'"],
  bigint: ["0", "1", "3", "-2"],
  double: ["0.5", "1.25", "-3.0"],
  boolean: ["TRUE", "FALSE"],
  timestamp: ["TIMESTAMP '2023-11-14 22:13:30'"],
  json: [],
  interval: ["INTERVAL '10' SECOND"],
  array: [],
};

/** The fields of a stream that have one of the types. */
export function fieldsOf(stream: DraftStream, ...types: readonly DraftType[]): readonly DraftField[] {
  return stream.fields.filter(({ type }) => types.includes(type));
}

/** A condition over the fields of a stream; some are NULL for some records. */
export function randomCondition(random: RandomSource, stream: DraftStream): string {
  const simple = (): string => {
    const comparable = fieldsOf(stream, "string", "bigint", "double", "boolean", "timestamp");
    if (comparable.length === 0) return "TRUE";
    const { name, type } = random.pick(comparable);
    if (random.chance(0.15)) return `${name} IS ${random.chance(0.5) ? "" : "NOT "}NULL`;
    if (type === "boolean") return random.chance(0.5) ? name : `NOT ${name}`;
    if (type === "bigint" && random.chance(0.4)) return `${name} % 2 = ${random.pick([0, 1])}`;
    if (type === "string" && random.chance(0.3)) return `${name} IN ('a', 'c')`;
    return `${name} ${random.pick(["=", "<>", "<", ">=", ">"])} ${random.pick(literals[type])}`;
  };
  const first = simple();
  if (random.chance(0.6)) return first;
  return `${first} ${random.pick(["AND", "OR"])} ${simple()}`;
}

/** A value computed from the fields of a stream, and its type. */
export function randomValueOf(random: RandomSource, stream: DraftStream): { readonly value: string; readonly type: DraftType } {
  const numbers = fieldsOf(stream, "bigint");
  const doubles = fieldsOf(stream, "double");
  const texts = fieldsOf(stream, "string");
  const options: { readonly value: string; readonly type: DraftType }[] = [{ value: randomCondition(random, stream), type: "boolean" }];
  if (numbers.length > 0) {
    const name = random.pick(numbers).name;
    options.push({ value: `${name} * 2 + 1`, type: "bigint" }, { value: `COALESCE(${name}, 0)`, type: "bigint" });
    options.push({ value: `CASE WHEN ${randomCondition(random, stream)} THEN ${name} ELSE 7 END`, type: "bigint" });
  }
  if (doubles.length > 0) options.push({ value: `${random.pick(doubles).name} * 0.5`, type: "double" });
  if (texts.length > 0) {
    const name = random.pick(texts).name;
    options.push({ value: `UPPER(${name})`, type: "string" }, { value: `${name} || '-' || ${name}`, type: "string" });
  }
  return random.pick(options);
}
