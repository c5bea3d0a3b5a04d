import { type Batch, type Column, createDecoder, type Field, type SourceConnector } from "@millrace/engine";
import type { DecodedInput } from "./subject.ts";

/** A bounded source over batches that are ready, and those batches. */
export interface ColumnsSource {
  readonly connector: SourceConnector;
  /** What the first opening decoded; throws before it. */
  input(): DecodedInput;
}

/**
 * JSON lines as ready batches: they are decoded when the source is opened for the first time, with the columns that something
 * reads, and kept for all further openings.
 */
export function createColumnsSource(bytes: Uint8Array): ColumnsSource {
  let input: DecodedInput | null = null;
  return {
    input() {
      if (input === null) throw new Error("the source has not been opened");
      return input;
    },
    connector: {
      async open({ fields, liveFields }) {
        input ??= { fields, batches: [...decode(bytes, fields, liveFields)] };
        const { batches } = input;
        let at = 0;
        return {
          async poll() {
            if (at === batches.length) return { kind: "end" };
            return { kind: "batch", split: "memory", batch: batches[at++], deadLetters: [] };
          },
          position: () => at,
          async close() {},
        };
      },
    },
  };
}

function* decode(bytes: Uint8Array, fields: readonly Field[], live: readonly boolean[]): Generator<Batch> {
  const decoder = createDecoder({ kind: "json" }, fields, live);
  if (decoder === null) throw new Error("JSON has no decoder");
  decoder.begin(bytes, 1);
  for (let decoded = decoder.next(1024); decoded !== null; decoded = decoder.next(1024)) {
    if (decoded.deadLetters.length > 0) throw new Error(`a record cannot be decoded: ${decoded.deadLetters[0].reason}`);
    yield copyOf(decoded.batch);
  }
}

/** A batch with arrays of its own: a decoder uses its own again. */
function copyOf(batch: Batch): Batch {
  if (batch.selection !== null) throw new Error("decoded batches have no selection");
  const { length } = batch;
  return {
    ...batch,
    columns: batch.columns.map((column) => (column === null ? null : copyOfColumn(column, length))),
    time: batch.time.slice(0, length),
  };
}

function copyOfColumn(column: Column, length: number): Column {
  const valid = column.valid === null || column.valid.subarray(0, length).every((one) => one === 1) ? null : column.valid.slice(0, length);
  switch (column.kind) {
    case "number":
      return { kind: "number", values: column.values.slice(0, length), valid };
    case "boolean":
      return { kind: "boolean", values: column.values.slice(0, length), valid };
    case "string":
      return { kind: "string", ids: column.ids.slice(0, length), dictionary: column.dictionary, valid };
    case "object":
      return { kind: "object", values: column.values.slice(0, length), valid };
  }
}
