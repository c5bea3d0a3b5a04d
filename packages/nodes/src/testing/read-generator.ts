import { type Clock, type DeadLetter, type JsonObject, type JsonValue, type SourceReader, valueAt } from "@millrace/engine";
import { createSimulatedClock } from "@millrace/engine/testing";
import { generatorConnectors } from "../generators/generator-connector.ts";
import { streamFields } from "../generators/stream-fields.ts";

export type Row = Readonly<Record<string, unknown>>;

/** Opens a generator; `live` names the fields that something reads, default all. */
export async function openGenerator(
  options: JsonObject & { readonly kind: keyof typeof streamFields },
  from: { readonly position?: JsonValue; readonly clock?: Clock; readonly live?: readonly string[] } = {},
): Promise<SourceReader> {
  const fields = streamFields[options.kind];
  const connector = generatorConnectors.get("generator");
  if (connector === undefined) throw new Error("there is no generator connector");
  return connector.open({
    options,
    fields,
    liveFields: fields.map((field) => from.live === undefined || from.live.includes(field.name)),
    position: from.position ?? null,
    clock: from.clock ?? createSimulatedClock(Date.UTC(2026, 0, 1)),
    signal: new AbortController().signal,
  });
}

/** Rows and dead letters of at most `polls` chunks, to the end by default. */
export async function drain(
  reader: SourceReader,
  kind: keyof typeof streamFields,
  polls = Number.POSITIVE_INFINITY,
): Promise<{ readonly rows: Row[]; readonly deadLetters: DeadLetter[]; readonly batches: number[] }> {
  const rows: Row[] = [];
  const deadLetters: DeadLetter[] = [];
  const batches: number[] = [];
  for (let poll = 0; poll < polls; poll++) {
    const chunk = await reader.poll();
    if (chunk.kind === "end") break;
    if (chunk.kind !== "batch") continue;
    deadLetters.push(...chunk.deadLetters);
    batches.push(chunk.batch.length);
    for (let i = 0; i < chunk.batch.length; i++) {
      const row: Record<string, unknown> = {};
      streamFields[kind].forEach((field, f) => {
        const column = chunk.batch.columns[f];
        if (column !== null) row[field.name] = valueAt(column, i);
      });
      rows.push(row);
    }
  }
  return { rows, deadLetters, batches };
}

/** All rows of a generator at full speed. */
export async function generate(
  options: JsonObject & { readonly kind: keyof typeof streamFields; readonly count: number },
  live?: readonly string[],
): Promise<Row[]> {
  const reader = await openGenerator({ speed: null, ...options }, live === undefined ? {} : { live });
  return (await drain(reader, options.kind)).rows;
}
