import type { KeyTexts } from "./cold-keys.ts";
import { SnapshotReader } from "./snapshot-reader.ts";
import { SnapshotWriter } from "./snapshot-writer.ts";

/** Gives every key of which something is held, by its text, with what `write` writes of it; see `Parting`. */
export function partKeys(
  keys: KeyTexts,
  holds: (key: number) => boolean,
  write: (key: number, writer: SnapshotWriter) => void,
  give: (key: string, state: SnapshotReader) => void,
): void {
  const writer = new SnapshotWriter();
  for (let key = 0; key < keys.capacity; key++) {
    if (!holds(key)) continue;
    // Writing may forget the key.
    const text = keys.text(key);
    writer.reset();
    write(key, writer);
    give(text, new SnapshotReader(writer.written()));
  }
}
