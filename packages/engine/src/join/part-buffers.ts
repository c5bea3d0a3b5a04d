import { partKeys } from "../state/part-keys.ts";
import { SnapshotReader } from "../state/snapshot-reader.ts";
import { SnapshotWriter } from "../state/snapshot-writer.ts";
import type { JoinBuffer } from "./join-buffer.ts";
import { type JoinKeys, nullKey } from "./join-keys.ts";

/** Gives the rows of every key that buffers of both sides hold, those without a whole key together; see `Parting`. */
export function partBuffers(keys: JoinKeys, buffers: readonly JoinBuffer[], give: (key: string, state: SnapshotReader) => void): void {
  const write = (key: number, writer: SnapshotWriter): void => {
    for (const buffer of buffers) buffer.moveOut(key, writer);
  };
  partKeys(keys, (key) => buffers.some((buffer) => buffer.firstOfKey(key) >= 0), write, give);
  const writer = new SnapshotWriter();
  write(nullKey, writer);
  for (const buffer of buffers) buffer.movedOut();
  give(keys.nullText, new SnapshotReader(writer.finish()));
}
