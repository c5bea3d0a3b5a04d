import type { Utf8Strings } from "../column/utf8-strings.ts";
import type { SnapshotReader } from "./snapshot-reader.ts";
import type { SnapshotWriter } from "./snapshot-writer.ts";

/** Writes a string so that it comes back as it is; UTF-8 alone would lose surrogates without a partner. */
export function writeText(writer: SnapshotWriter, text: string): void {
  const wellFormed = text.isWellFormed();
  writer.boolean(wellFormed);
  writer.string(wellFormed ? text : JSON.stringify(text));
}

/** As `writeText`, of the text that the UTF-8 `bytes[start, end)` are. */
export function writeUtf8(writer: SnapshotWriter, bytes: Uint8Array, start: number, end: number): void {
  writer.boolean(true);
  writer.bytes(bytes.subarray(start, end));
}

/** Reads what `writeText` wrote. */
export function readText(reader: SnapshotReader): string {
  return reader.boolean() ? reader.string() : String(reader.json());
}

/** Reads what `writeText` wrote to the end of `into`; false, and nothing is read, of a text that UTF-8 cannot hold. */
export function appendUtf8(reader: SnapshotReader, into: Utf8Strings): boolean {
  if (!reader.next()) return false;
  reader.boolean();
  const bytes = reader.view();
  into.append(bytes, 0, bytes.length, true);
  return true;
}
