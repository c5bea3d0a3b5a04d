import type { SnapshotReader } from "./snapshot-reader.ts";
import type { SnapshotWriter } from "./snapshot-writer.ts";

/** Writes a string so that it comes back as it is; UTF-8 alone would lose surrogates without a partner. */
export function writeText(writer: SnapshotWriter, text: string): void {
  const wellFormed = text.isWellFormed();
  writer.boolean(wellFormed);
  writer.string(wellFormed ? text : JSON.stringify(text));
}

/** Reads what `writeText` wrote. */
export function readText(reader: SnapshotReader): string {
  return reader.boolean() ? reader.string() : String(reader.json());
}
