import { CheckpointGone, type CheckpointManifest, type CheckpointStore, type ChunkRef, CommitRefused, FencedError } from "@millrace/engine";
import { expect, test } from "vitest";
import { nativeSha256 } from "../native-sha256.ts";

/** Opens the same checkpoints twice over: each call is another owner's view of them. */
export type OpenStore = () => Promise<CheckpointStore>;

/** What every checkpoint store must do. `fresh` begins with empty checkpoints and returns how to open them. */
export function describeCheckpointStore(fresh: () => Promise<OpenStore>): void {
  test("a first owner gets token 1 and no manifest, the next a higher one", async () => {
    const open = await fresh();
    expect(await (await open()).takeOver()).toEqual({ fencingToken: 1, manifest: null });
    expect((await (await open()).takeOver()).fencingToken).toBe(2);
  });

  test("a committed manifest and its chunks are what the next owner reads, unknown members included", async () => {
    const open = await fresh();
    const store = await open();
    const { fencingToken } = await store.takeOver();
    const ref = await put(store, fencingToken, new Uint8Array([0, 255, 10, 13, 128]));
    const manifest = { ...manifestOf(1, fencingToken, [ref]), laterMember: { kept: true } };
    await store.commit(fencingToken, manifest);
    const next = await open();
    expect((await next.takeOver()).manifest).toEqual(manifest);
    expect(new Uint8Array((await next.readChunk(ref)) ?? [])).toEqual(new Uint8Array([0, 255, 10, 13, 128]));
  });

  test("a chunk of a megabyte survives, and a chunk that was never stored is null", async () => {
    const store = await (await fresh())();
    const { fencingToken } = await store.takeOver();
    const bytes = Uint8Array.from({ length: 1 << 20 }, (_, i) => (i * 31) & 255);
    const ref = await put(store, fencingToken, bytes);
    expect(nativeSha256((await store.readChunk(ref)) ?? new Uint8Array())).toBe(ref.sha256);
    expect(await store.readChunk({ sha256: "0".repeat(64), bytes: 1 })).toBeNull();
  });

  test("a fenced owner can store, commit and collect nothing, and changes nothing", async () => {
    const open = await fresh();
    const zombie = await open();
    const old = await zombie.takeOver();
    const store = await open();
    const now = await store.takeOver();
    const ref = await put(store, now.fencingToken, text("state"));
    await store.commit(now.fencingToken, manifestOf(1, now.fencingToken, [ref]));
    await expect(put(zombie, old.fencingToken, text("stale"))).rejects.toThrow(FencedError);
    await expect(zombie.commit(old.fencingToken, manifestOf(2, old.fencingToken, []))).rejects.toThrow(FencedError);
    await expect(zombie.collectGarbage(old.fencingToken)).rejects.toThrow(FencedError);
    expect(await store.readChunk(refOf(text("stale")))).toBeNull();
    expect((await (await open()).takeOver()).manifest?.fencingToken).toBe(now.fencingToken);
  });

  test("a number that does not rise is refused, a gap is not, and a repeated commit is a no-op", async () => {
    const store = await (await fresh())();
    const { fencingToken } = await store.takeOver();
    await store.commit(fencingToken, manifestOf(5, fencingToken, []));
    await store.commit(fencingToken, manifestOf(5, fencingToken, []));
    await expect(store.commit(fencingToken, manifestOf(4, fencingToken, []))).rejects.toThrow(CommitRefused);
    await store.commit(fencingToken, manifestOf(8, fencingToken, []));
  });

  test("the committed number of an earlier owner cannot be committed again by the next", async () => {
    const open = await fresh();
    const first = await open();
    const before = await first.takeOver();
    await first.commit(before.fencingToken, manifestOf(1, before.fencingToken, []));
    const second = await open();
    const { fencingToken } = await second.takeOver();
    await expect(second.commit(fencingToken, manifestOf(1, fencingToken, []))).rejects.toThrow(CommitRefused);
    await second.commit(fencingToken, manifestOf(2, fencingToken, []));
  });

  test("garbage collection removes what no manifest refers to", async () => {
    const store = await (await fresh())();
    const { fencingToken } = await store.takeOver();
    const shared = await put(store, fencingToken, text("shared"));
    const orphan = await put(store, fencingToken, text("of a discarded checkpoint"));
    for (let n = 1; n <= 6; n++) {
      const own = await put(store, fencingToken, text(`state ${n}`));
      await store.commit(fencingToken, manifestOf(n, fencingToken, [shared, own]));
    }
    await store.collectGarbage(fencingToken);
    expect(await store.readChunk(orphan)).toBeNull();
    expect(await store.readChunk(refOf(text("state 1")))).toBeNull();
    for (const ref of [shared, refOf(text("state 6"))]) expect(await store.readChunk(ref)).not.toBeNull();
  });

  test("a kept checkpoint stays with its chunks, however many follow, and can be read by its number", async () => {
    const open = await fresh();
    const store = await open();
    const { fencingToken } = await store.takeOver();
    expect(await store.readNewest()).toBeNull();
    const kept = await put(store, fencingToken, text("state to keep"));
    const manifest = manifestOf(1, fencingToken, [kept]);
    await store.commit(fencingToken, manifest);
    await store.keep(fencingToken, { checkpoint: 1, name: "before the change", atMs: 5 });
    await store.keep(fencingToken, { checkpoint: 1, name: "before the change", atMs: 5 });
    for (let n = 2; n <= 8; n++)
      await store.commit(fencingToken, manifestOf(n, fencingToken, [await put(store, fencingToken, text(`s${n}`))]));
    await store.collectGarbage(fencingToken);
    const next = await open();
    expect(await next.readManifest(1)).toEqual(manifest);
    expect(await next.readChunk(kept)).not.toBeNull();
    expect(await next.readManifest(3)).toBeNull();
    expect((await next.readNewest())?.checkpoint).toBe(8);
    await expect(store.keep(fencingToken, { checkpoint: 3, name: "too late", atMs: 6 })).rejects.toThrow(CheckpointGone);
    await next.takeOver();
    await expect(store.keep(fencingToken, { checkpoint: 8, name: "stale", atMs: 7 })).rejects.toThrow(FencedError);
  });

  test("chunks that every manifest refers to are stored once and stay, those of the past go", async () => {
    const store = await (await fresh())();
    const { fencingToken } = await store.takeOver();
    const base = await put(store, fencingToken, text("base"));
    const changes: ChunkRef[] = [];
    for (let n = 1; n <= 12; n++) {
      changes.push(await put(store, fencingToken, text(`changes ${n}`)));
      // From the eighth on the log has been begun anew, on the same base.
      await store.commit(fencingToken, manifestOf(n, fencingToken, [base, ...changes.slice(n < 8 ? 0 : 7)]));
      await store.collectGarbage(fencingToken);
    }
    for (const ref of [base, ...changes.slice(7)]) expect(await store.readChunk(ref)).not.toBeNull();
    expect(await store.readChunk(changes[0])).toBeNull();
  });

  test("garbage collection spares the chunks of a checkpoint that is being written", async () => {
    const store = await (await fresh())();
    const { fencingToken } = await store.takeOver();
    const before = await put(store, fencingToken, text("before"));
    await store.commit(fencingToken, manifestOf(1, fencingToken, [before]));
    const next = await put(store, fencingToken, text("next"));
    await store.collectGarbage(fencingToken);
    expect(await store.readChunk(next)).not.toBeNull();
  });

  test("garbage collection spares what was stored ahead for a checkpoint behind the one that is being written", async () => {
    const store = await (await fresh())();
    const { fencingToken } = await store.takeOver();
    const ahead = await put(store, fencingToken, text("ahead"));
    const orphan = await put(store, fencingToken, text("orphan"));
    await store.commit(fencingToken, manifestOf(1, fencingToken, [await put(store, fencingToken, text("state"))]));
    await store.collectGarbage(fencingToken, new Set([ahead.sha256]));
    expect(await store.readChunk(orphan)).toBeNull();
    await store.commit(fencingToken, manifestOf(2, fencingToken, [ahead]));
    await store.collectGarbage(fencingToken);
    expect(await store.readChunk(ahead)).not.toBeNull();
  });
}

async function put(store: CheckpointStore, fencingToken: number, bytes: Uint8Array): Promise<ChunkRef> {
  const ref = refOf(bytes);
  await store.putChunk(fencingToken, ref, bytes);
  return ref;
}

function refOf(bytes: Uint8Array): ChunkRef {
  return { sha256: nativeSha256(bytes), bytes: bytes.length };
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

function manifestOf(checkpoint: number, fencingToken: number, chunks: readonly ChunkRef[]): CheckpointManifest {
  return {
    formatVersion: 1,
    pipelineId: "orders",
    checkpoint,
    fencingToken,
    createdAtMs: 1_700_000_000_000 + checkpoint,
    graphHash: "g",
    final: false,
    parts: chunks.length === 0 ? [] : [{ kind: "operator", id: "count:window-aggregate", chunks }],
  };
}
