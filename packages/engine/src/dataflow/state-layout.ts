import { openSnapshot } from "../state/open-snapshot.ts";
import { SnapshotReader } from "../state/snapshot-reader.ts";
import { isStateLog } from "../state/state-log.ts";

/**
 * In which layout the state of an operator was written, to be compared: whether as a log, and the version that the operator
 * writes first, behind what its `OperatorHost` writes.
 */
export function stateLayout(bytes: Uint8Array): string {
  const isLog = isStateLog(bytes);
  const reader = isLog ? openSnapshot(bytes) : new SnapshotReader(bytes);
  reader.u32();
  // Records in and out, and the watermarks.
  for (let i = 0; i < 3; i++) reader.f64Array();
  const version = reader.remaining < 4 ? "none" : String(reader.u32());
  return `${isLog ? "log" : "single"} ${version}`;
}
