import type { Format } from "../plan/logical-operator.ts";
import type { Field } from "../types/field-type.ts";
import { createCsvDecoder } from "./csv-decoder.ts";
import { createJsonDecoder } from "./json-decoder.ts";
import type { RecordDecoder } from "./record-decoder.ts";

/** The decoder of a format; null when the connector hands over columns itself. */
export function createDecoder(format: Format, fields: readonly Field[], live: readonly boolean[]): RecordDecoder | null {
  switch (format.kind) {
    case "json":
      return createJsonDecoder(fields, live);
    case "csv":
      return createCsvDecoder(fields, live, format);
    case "columns":
      return null;
  }
}
