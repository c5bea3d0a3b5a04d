import type { Clock } from "@millrace/engine";
import type { KafkaRecord } from "../kafka-driver.ts";
import type { ValueFormat, ValueJson } from "../value-format.ts";
import { type RegisteredSchema, SchemaMissing, type SchemaRegistry } from "./schema-registry.ts";

/** Reads values of one schema as plain data; throws an `Error` that says what is wrong with a value. */
export type ValueReader = (value: Uint8Array) => unknown;

/** Makes the reader of a schema; throws an `Error` when the schema cannot be used. */
export type CompileSchema = (schema: RegisteredSchema) => ValueReader;

/** A first byte of 0 and the schema's id in four more, as Confluent's serializers write them. */
const prefixBytes = 5;
const askAgainMs = 30_000;
const asksAtOnce = 8;
const mostFailures = 10_000;

/**
 * Values that name their schema, which a registry has. What cannot be had or read makes dead letters of its records; a
 * schema that was not to be had is asked for again half a minute later.
 */
export function schemaValues(registry: SchemaRegistry, type: "AVRO" | "PROTOBUF", compile: CompileSchema, clock: Clock): ValueFormat {
  const readers = new Map<number, ValueReader>();
  const failures = new Map<number, { readonly reason: string; readonly atMs: number }>();
  const load = async (id: number): Promise<void> => {
    try {
      const schema = await registry.schema(id);
      if (schema.type !== type) throw new SchemaMissing(`it is of the type ${schema.type}, and ${type} is expected`);
      readers.set(id, compile(schema));
      failures.delete(id);
    } catch (cause) {
      if (failures.size >= mostFailures) failures.clear();
      failures.set(id, { reason: cause instanceof Error ? cause.message : String(cause), atMs: clock.monotonic() });
    }
  };
  const isDue = (id: number): boolean => {
    const failure = failures.get(id);
    return !readers.has(id) && (failure === undefined || clock.monotonic() - failure.atMs >= askAgainMs);
  };
  return {
    async prepare(records) {
      const wanted = [...new Set(idsOf(records))].filter(isDue);
      for (let at = 0; at < wanted.length; at += asksAtOnce) await Promise.all(wanted.slice(at, at + asksAtOnce).map(load));
    },
    json(value): ValueJson {
      const id = schemaId(value);
      if (id === null) return { reason: "SCHEMA_ID_MISSING: its value does not begin with 0 and the id of a schema" };
      const reader = readers.get(id);
      if (reader === undefined)
        return { reason: `SCHEMA_UNKNOWN: schema ${id} cannot be used: ${failures.get(id)?.reason ?? "it is not loaded"}` };
      try {
        return Buffer.from(jsonText(reader(value.subarray(prefixBytes))));
      } catch (cause) {
        const what = cause instanceof Error ? cause.message.slice(0, 200) : String(cause);
        return { reason: `SCHEMA_MISMATCH: its value is none of schema ${id}: ${what}` };
      }
    },
    close: () => registry.close(),
  };
}

function* idsOf(records: readonly KafkaRecord[]): Generator<number> {
  for (const { value } of records) {
    const id = value === null ? null : schemaId(value);
    if (id !== null) yield id;
  }
}

function schemaId(value: Uint8Array): number | null {
  if (value.length < prefixBytes || value[0] !== 0) return null;
  return new DataView(value.buffer, value.byteOffset).getUint32(1);
}

/** JSON of plain data; bytes are base64. */
function jsonText(value: unknown): string {
  // What is replaced is the value itself: `toJSON` of a Buffer would have turned it into a list of numbers.
  const replace = function (this: Readonly<Record<string, unknown>>, key: string, shown: unknown): unknown {
    const raw = this[key];
    return raw instanceof Uint8Array ? Buffer.from(raw).toString("base64") : shown;
  };
  return JSON.stringify(value, replace);
}
