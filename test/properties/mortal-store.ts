import type { CheckpointStore } from "@millrace/engine";

/**
 * A store as a process reaches it that dies: what it still asks for after that is never answered. An engine of an earlier version does not
 * know this one's refusals by their class, and would ask again for ever.
 */
export function mortalStore(store: CheckpointStore, isDead: () => boolean): CheckpointStore {
  const never = new Promise<never>(() => {});
  const alive = <Answer>(ask: () => Promise<Answer>): Promise<Answer> => (isDead() ? never : ask());
  return {
    takeOver: () => alive(() => store.takeOver()),
    putChunk: (token, ref, bytes) => alive(() => store.putChunk(token, ref, bytes)),
    commit: (token, manifest) => alive(() => store.commit(token, manifest)),
    readChunk: (ref) => alive(() => store.readChunk(ref)),
    keep: (token, savepoint) => alive(() => store.keep(token, savepoint)),
    readManifest: (checkpoint) => alive(() => store.readManifest(checkpoint)),
    readNewest: () => alive(() => store.readNewest()),
    collectGarbage: (token, ahead) => alive(() => store.collectGarbage(token, ahead)),
    close: () => store.close(),
  };
}
