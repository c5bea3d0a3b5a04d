import type { JsonValue } from "@millrace/engine";
import { z } from "zod";
import type { RecordFormat } from "./record-cut.ts";

const formatName = z.enum(["json", "csv"]);
const formatOption = z.union([formatName, z.looseObject({ kind: formatName }).transform((format) => format.kind)]);

/** The record format that a `format` option names, by word or as an object with `kind`; null when it names none. */
export function recordFormatOf(option: JsonValue | undefined): RecordFormat | null {
  const parsed = formatOption.safeParse(option);
  return parsed.success ? parsed.data : null;
}

/** What a file holds by its name: CSV for `.csv` and `.tsv`, else JSON lines. */
export function recordFormatOfPath(path: string): RecordFormat {
  return /\.(csv|tsv)$/i.test(path) ? "csv" : "json";
}

/** What encoded records are: the encoder writes every JSON record as an object. */
export function recordFormatOfBytes(bytes: Uint8Array): RecordFormat {
  return bytes[0] === 0x7b ? "json" : "csv";
}
