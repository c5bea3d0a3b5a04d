import { fieldIndex, type StreamType } from "../types/stream-type.ts";
import type { KeyField } from "./key-table.ts";

/** The fields by which an operator keys its input: its own when it names any, else those of the stream; none is one global key. */
export function keyFieldsOf(keyBy: readonly string[], input: StreamType): readonly KeyField[] {
  const names = keyBy.length > 0 ? keyBy : input.key;
  return names.map((name) => {
    const index = fieldIndex(input, name);
    if (index < 0) throw new Error(`the input has no key field ${name}`);
    return { index, type: input.fields[index].type };
  });
}
