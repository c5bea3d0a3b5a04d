import { isUtf8 } from "node:buffer";
import type { Clock } from "@millrace/engine";
import type { ConnectorHost } from "../connector-host.ts";
import type { KafkaRecord } from "./kafka-driver.ts";
import type { KafkaSourceOptions } from "./kafka-source-options.ts";
import { compileAvro } from "./schema/avro-schema.ts";
import { compileProtobuf } from "./schema/protobuf-schema.ts";
import { SchemaRegistry } from "./schema/schema-registry.ts";
import { schemaValues } from "./schema/schema-values.ts";

/** A value as the JSON text of an object, in bytes, or why it is none. The text is not checked: the decoder does that. */
export type ValueJson = Uint8Array | { readonly reason: string };

/** How values of records become JSON. */
export interface ValueFormat {
  /** Fetches what `json` needs to know for these records (schemas). */
  prepare(records: readonly KafkaRecord[]): Promise<void>;
  json(value: Uint8Array): ValueJson;
  close(): void;
}

/** The format that a source's options name. Throws a `ConnectorError`. */
export function openValueFormat({ format, registry }: KafkaSourceOptions, host: ConnectorHost, clock: Clock): ValueFormat {
  switch (format) {
    case "json":
      return plain((value) => value);
    case "text":
      return plain((value) => (isUtf8(value) ? member(bufferOf(value).toString("utf8")) : { reason: "not UTF-8: its value is no text" }));
    case "raw":
      return plain((value) => member(bufferOf(value).toString("base64")));
    case "avro":
      return schemaValues(new SchemaRegistry(host, registry ?? "", clock), "AVRO", compileAvro, clock);
    case "protobuf":
      return schemaValues(new SchemaRegistry(host, registry ?? "", clock), "PROTOBUF", compileProtobuf, clock);
  }
}

function plain(json: ValueFormat["json"]): ValueFormat {
  return { prepare: async () => {}, json, close() {} };
}

function member(text: string): Uint8Array {
  return Buffer.from(`{"value":${JSON.stringify(text)}}`);
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
