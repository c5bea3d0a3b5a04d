import {
  CheckpointGone,
  type CheckpointManifest,
  type CheckpointStore,
  type ChunkRef,
  CommitRefused,
  FencedError,
  type Savepoint,
  type TakeOver,
} from "./checkpoint-store.ts";

/** Checkpoints of one pipeline in memory: for previews, tests and bounded command-line runs. */
export function createMemoryCheckpointStore(): CheckpointStore {
  let token = 0;
  let manifest: CheckpointManifest | null = null;
  const kept = new Map<number, CheckpointManifest>();
  const chunks = new Map<string, Uint8Array>();
  /** Stored since the last commit: they may belong to a checkpoint that is being written. */
  let fresh = new Set<string>();
  const check = (own: number): void => {
    if (own !== token) throw new FencedError(own, token);
  };
  return {
    async takeOver(): Promise<TakeOver> {
      token += 1;
      return { fencingToken: token, manifest };
    },
    async putChunk(fencingToken: number, ref: ChunkRef, bytes: Uint8Array): Promise<void> {
      check(fencingToken);
      if (!chunks.has(ref.sha256)) chunks.set(ref.sha256, bytes);
      fresh.add(ref.sha256);
    },
    async commit(fencingToken: number, next: CheckpointManifest): Promise<void> {
      check(fencingToken);
      const committed = manifest?.checkpoint ?? 0;
      if (next.checkpoint === committed && manifest?.fencingToken === fencingToken) return;
      if (next.checkpoint <= committed) throw new CommitRefused(next.checkpoint, committed);
      manifest = next;
      fresh = new Set();
    },
    async readChunk(ref: ChunkRef): Promise<Uint8Array | null> {
      return chunks.get(ref.sha256)?.slice() ?? null;
    },
    async keep(fencingToken: number, savepoint: Savepoint): Promise<void> {
      check(fencingToken);
      if (manifest?.checkpoint === savepoint.checkpoint) kept.set(savepoint.checkpoint, manifest);
      else if (!kept.has(savepoint.checkpoint)) throw new CheckpointGone(savepoint.checkpoint);
    },
    async readManifest(checkpoint: number): Promise<CheckpointManifest | null> {
      return manifest?.checkpoint === checkpoint ? manifest : (kept.get(checkpoint) ?? null);
    },
    readNewest: async () => manifest,
    async collectGarbage(fencingToken: number, ahead?: ReadonlySet<string>): Promise<void> {
      check(fencingToken);
      const manifests = manifest === null ? [...kept.values()] : [...kept.values(), manifest];
      const live = new Set(manifests.flatMap(({ parts }) => parts.flatMap((part) => part.chunks.map((ref) => ref.sha256))));
      for (const sha256 of chunks.keys()) if (!live.has(sha256) && !fresh.has(sha256) && ahead?.has(sha256) !== true) chunks.delete(sha256);
    },
    async close(): Promise<void> {},
  };
}
