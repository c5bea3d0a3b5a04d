import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  CheckpointGone,
  type CheckpointManifest,
  type CheckpointStore,
  type ChunkRef,
  CommitRefused,
  FencedError,
  type Savepoint,
  type TakeOver,
} from "@millrace/engine";
import { z } from "zod";
import { withFolderLock } from "./folder-lock.ts";
import { parseManifest } from "./parse-manifest.ts";
import { chunksOf, retainedManifests } from "./redis-checkpoint-store.ts";

const ownerSchema = z.object({ token: z.int().nonnegative(), checkpoint: z.int().nonnegative() });
type Owner = z.infer<typeof ownerSchema>;

/**
 * Checkpoints of one pipeline in the folder `<directory>/<pipelineId>`: `owner.json` (token and newest number),
 * `manifest-<number>.json`, `savepoint-<number>.json` (a manifest that is kept, with its name), `chunks/<sha256>`. All is written beside its place, flushed and renamed; a lock file
 * makes taking over and committing exclude each other across processes of one machine.
 */
export async function createFileCheckpointStore(directory: string, pipelineId: string): Promise<CheckpointStore> {
  const folder = join(directory, pipelineId);
  await mkdir(join(folder, "chunks"), { recursive: true });
  const store = new FileStore(folder);
  return store;
}

class FileStore implements CheckpointStore {
  readonly #folder: string;
  /** Stored since the last commit: they may belong to the next checkpoint. */
  readonly #fresh = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  async takeOver(): Promise<TakeOver> {
    return await withFolderLock(this.#folder, async () => {
      const owner = await this.#owner();
      const manifest = owner.checkpoint === 0 ? null : await this.#readManifest(owner.checkpoint);
      const fencingToken = owner.token + 1;
      await this.#write("owner.json", JSON.stringify({ ...owner, token: fencingToken } satisfies Owner));
      return { fencingToken, manifest };
    });
  }

  async putChunk(fencingToken: number, ref: ChunkRef, bytes: Uint8Array): Promise<void> {
    await this.#check(fencingToken);
    this.#fresh.add(ref.sha256);
    await this.#write(join("chunks", ref.sha256), bytes);
  }

  async commit(fencingToken: number, manifest: CheckpointManifest): Promise<void> {
    await withFolderLock(this.#folder, async () => {
      const owner = await this.#check(fencingToken);
      const text = JSON.stringify(manifest);
      if (manifest.checkpoint === owner.checkpoint && text === (await readFile(this.#manifestPath(owner.checkpoint), "utf8"))) return;
      if (manifest.checkpoint <= owner.checkpoint) throw new CommitRefused(manifest.checkpoint, owner.checkpoint);
      await this.#write(manifestName(manifest.checkpoint), text);
      await this.#write("owner.json", JSON.stringify({ token: fencingToken, checkpoint: manifest.checkpoint } satisfies Owner));
      this.#fresh.clear();
      const numbers = await this.#manifestNumbers();
      for (const old of numbers.slice(retainedManifests)) await rm(this.#manifestPath(old), { force: true });
    });
  }

  async readChunk(ref: ChunkRef): Promise<Uint8Array | null> {
    return await readFile(join(this.#folder, "chunks", ref.sha256)).catch(absent);
  }

  async keep(fencingToken: number, { checkpoint, name, atMs }: Savepoint): Promise<void> {
    await withFolderLock(this.#folder, async () => {
      await this.#check(fencingToken);
      const manifest = await this.readManifest(checkpoint);
      if (manifest === null) throw new CheckpointGone(checkpoint);
      await this.#write(savepointFile(checkpoint), JSON.stringify({ name, atMs, manifest }));
    });
  }

  async readManifest(checkpoint: number): Promise<CheckpointManifest | null> {
    const { checkpoint: newest } = await this.#owner();
    if (checkpoint <= newest && (await readFile(this.#manifestPath(checkpoint)).catch(absent)) !== null) {
      return await this.#readManifest(checkpoint);
    }
    return await this.#readSaved(savepointFile(checkpoint));
  }

  async readNewest(): Promise<CheckpointManifest | null> {
    const { checkpoint } = await this.#owner();
    return checkpoint === 0 ? null : await this.#readManifest(checkpoint);
  }

  async collectGarbage(fencingToken: number, ahead: ReadonlySet<string> = new Set()): Promise<void> {
    await this.#check(fencingToken);
    const live = new Set<string>();
    for (const name of await readdir(this.#folder)) {
      if (!/^savepoint-\d+\.json$/.test(name)) continue;
      const saved = await this.#readSaved(name);
      for (const sha256 of saved === null ? [] : chunksOf(saved)) live.add(sha256);
    }
    for (const number of await this.#manifestNumbers()) for (const sha256 of chunksOf(await this.#readManifest(number))) live.add(sha256);
    for (const name of await readdir(join(this.#folder, "chunks"))) {
      if (live.has(name) || this.#fresh.has(name) || ahead.has(name)) continue;
      await this.#check(fencingToken);
      if (!this.#fresh.has(name)) await rm(join(this.#folder, "chunks", name), { force: true });
    }
  }

  async close(): Promise<void> {}

  async #owner(): Promise<Owner> {
    const path = join(this.#folder, "owner.json");
    const text = await readFile(path, "utf8").catch(absent);
    if (text === null) return { token: 0, checkpoint: 0 };
    const parsed = ownerSchema.safeParse(JSON.parse(text));
    if (!parsed.success) throw new Error(`${path} is damaged; restore the checkpoint folder from a backup or remove it to start empty.`);
    return parsed.data;
  }

  async #check(fencingToken: number): Promise<Owner> {
    const owner = await this.#owner();
    if (owner.token !== fencingToken) throw new FencedError(fencingToken, owner.token);
    return owner;
  }

  #manifestPath(checkpoint: number): string {
    return join(this.#folder, manifestName(checkpoint));
  }

  async #readManifest(checkpoint: number): Promise<CheckpointManifest> {
    const path = this.#manifestPath(checkpoint);
    return parseManifest((await readFile(path, "utf8").catch(absent)) ?? "", path);
  }

  async #readSaved(name: string): Promise<CheckpointManifest | null> {
    const path = join(this.#folder, name);
    const text = await readFile(path, "utf8").catch(absent);
    if (text === null) return null;
    const parsed = z.object({ manifest: z.unknown() }).safeParse(JSON.parse(text));
    return parseManifest(JSON.stringify(parsed.data?.manifest ?? null), path);
  }

  /** Newest first. A manifest above the owner's number was never committed. */
  async #manifestNumbers(): Promise<number[]> {
    const { checkpoint } = await this.#owner();
    const names = await readdir(this.#folder);
    const numbers = names.map((name) => Number(/^manifest-(\d+)\.json$/.exec(name)?.[1] ?? Number.NaN));
    return numbers.filter((number) => number <= checkpoint).sort((a, b) => b - a);
  }

  async #write(name: string, content: string | Uint8Array): Promise<void> {
    const path = join(this.#folder, name);
    const temporary = `${path}.tmp-${process.pid}`;
    const file = await open(temporary, "w");
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  }
}

function manifestName(checkpoint: number): string {
  return `manifest-${String(checkpoint).padStart(12, "0")}.json`;
}

function savepointFile(checkpoint: number): string {
  return `savepoint-${String(checkpoint).padStart(12, "0")}.json`;
}

function absent(cause: unknown): null {
  if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return null;
  throw cause;
}
