import { type Field, stringType, timestampType } from "../types/field-type.ts";
import type { StreamType } from "../types/stream-type.ts";
import type { IntervalJoin, JoinOperator, WindowJoin } from "./join-operator.ts";
import { deadLetterReason, type LookupJoin } from "./lookup-operator.ts";

/** Types of the output ports of a join, by port. */
export function joinTypes<I>(operator: JoinOperator<I>, left: StreamType, right: StreamType): Readonly<Record<string, StreamType>> {
  switch (operator.op) {
    case "interval-join":
      // The event time is the later one of the two, which no field holds.
      return {
        out: {
          fields: joinedFields(left.fields, right.fields, operator.rightPrefix),
          time: left.time,
          timeField: null,
          changelog: "append",
          key: joinedKey(operator, left),
        },
        late_left: left,
        late_right: right,
      };
    case "window-join": {
      const lefts = hasWindowFields(left.fields) ? left.fields : [...left.fields, ...windowFields];
      const alone = leftAlone(operator.kind);
      return {
        out: {
          fields: alone ? lefts : joinedFields(lefts, right.fields, operator.rightPrefix),
          time: left.time,
          timeField: null,
          changelog: "append",
          key: joinedKey(operator, left),
        },
        late_left: left,
        late_right: right,
      };
    }
    case "temporal-join":
      return { out: { ...left, fields: joinedFields(left.fields, right.fields, operator.rightPrefix) }, late_left: left };
    case "snapshot-join":
      return { out: { ...left, fields: joinedFields(left.fields, right.fields, operator.rightPrefix) }, overflow: left };
    case "regular-join": {
      const isFinal = operator.kind === "inner" && left.changelog === "append" && right.changelog === "append";
      const fields = joinedFields(left.fields, right.fields, operator.rightPrefix);
      return { out: { fields, time: "none", timeField: null, changelog: isFinal ? "append" : "retract", key: [] } };
    }
  }
}

/** Types of the output ports of a lookup, by port. */
export function lookupTypes<E, I>(operator: LookupJoin<E, I>, input: StreamType): Readonly<Record<string, StreamType>> {
  return {
    out: { ...input, fields: joinedFields(input.fields, operator.fields, operator.rightPrefix) },
    dead_letter: deadLetterTypeOf(input),
  };
}

/** Records of a stream that could not be processed, each with the reason. */
export function deadLetterTypeOf(input: StreamType): StreamType {
  const fields = input.fields.filter((field) => field.name !== deadLetterReason);
  return { ...input, fields: [...fields, { name: deadLetterReason, type: stringType }] };
}

/** The type of the port `dead_letter` of an operator that has it when it is strict. */
export function strictType(operator: { readonly strict?: boolean }, input: StreamType): Readonly<Record<string, StreamType>> {
  return operator.strict === true ? { dead_letter: deadLetterTypeOf(input) } : {};
}

const windowFields: readonly Field[] = [
  { name: "window_start", type: timestampType },
  { name: "window_end", type: timestampType },
];

/** Whether a window join of this kind gives records of the left alone, without those of the right. */
export function leftAlone(kind: WindowJoin<unknown>["kind"]): boolean {
  return kind === "semi" || kind === "anti" || kind === "not-in";
}

/** Whether the left of a window join says itself which window its records are of, because they come out of one. */
export function hasWindowFields(left: readonly Field[]): boolean {
  return left.some((field) => windowFields.some((own) => own.name === field.name));
}

/** The fields of the left, then those of the right, with the prefix before the names that the left has too. */
export function joinedFields(left: readonly Field[], right: readonly Field[], rightPrefix: string): readonly Field[] {
  return [...left, ...right.map((field) => ({ ...field, name: rightName(left, field.name, rightPrefix) }))];
}

function rightName(left: readonly Field[], name: string, rightPrefix: string): string {
  return left.some((field) => field.name === name) ? `${rightPrefix}${name}` : name;
}

/** The left's key where every row has a left record; a key of NULLs would put all others together. */
function joinedKey<I>({ kind }: IntervalJoin<I> | WindowJoin<I>, left: StreamType): readonly string[] {
  return kind === "right" || kind === "full" ? [] : left.key;
}
