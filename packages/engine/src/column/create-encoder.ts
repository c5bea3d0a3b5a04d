import type { Format } from "../plan/logical-operator.ts";
import type { Field } from "../types/field-type.ts";
import type { Changelog } from "../types/stream-type.ts";
import { createCsvEncoder } from "./csv-encoder.ts";
import { createJsonEncoder } from "./json-encoder.ts";
import type { RecordEncoder } from "./record-decoder.ts";

/** The encoder of a format; columns are staged as JSON lines. */
export function createEncoder(format: Format, fields: readonly Field[], changelog: Changelog): RecordEncoder {
  return format.kind === "csv" ? createCsvEncoder(fields, format.delimiter, changelog) : createJsonEncoder(fields, changelog);
}
