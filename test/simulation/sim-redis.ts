import { CheckpointGone, type CheckpointManifest, CommitRefused, FencedError, type JsonObject, type TakeOver } from "@millrace/engine";

/** Rows that a sink put into Redis, with the marker of what is in them. */
export interface RedisRows {
  readonly lines: readonly string[];
  readonly checkpoint: number | null;
  readonly token: number;
}

interface State {
  readonly token: number;
  readonly manifests: ReadonlyMap<number, CheckpointManifest>;
  readonly kept: ReadonlySet<number>;
  readonly newest: number;
  /** The deployment that committed last. */
  readonly deployment: string | null;
  readonly chunks: ReadonlyMap<string, { readonly bytes: Uint8Array; readonly score: number }>;
  readonly rows: ReadonlyMap<string, RedisRows>;
}

const retained = 3;
const undoable = 8;

/** What one Redis holds of one pipeline; every write is one atomic script. It can lose the newest of its writes. */
export class SimRedis {
  #state: State = { token: 0, manifests: new Map(), kept: new Set(), newest: 0, deployment: null, chunks: new Map(), rows: new Map() };
  #before: State[] = [];
  losses = 0;

  get state(): State {
    return this.#state;
  }

  /** A replica that lacks the newest `writes` writes takes over. */
  lose(writes: number): void {
    const kept = this.#before.length - writes;
    this.#state = this.#before[Math.max(0, kept)] ?? this.#state;
    this.#before = this.#before.slice(0, Math.max(0, kept));
    this.losses++;
  }

  /** `isOlder`: a newer deployment of the pipeline has started. null: the token is another than the caller has seen. */
  takeOver(isOlder: boolean, seen: number): TakeOver | null {
    if (this.#state.token !== seen) return null;
    if (isOlder) throw new FencedError(0, this.#state.token);
    const token = this.#state.token + 1;
    this.#write({ token });
    return { fencingToken: token, manifest: this.#state.manifests.get(this.#state.newest) ?? null };
  }

  putChunk(token: number, sha256: string, bytes: Uint8Array): void {
    this.#check(token);
    const chunks = new Map(this.#state.chunks).set(sha256, { bytes: bytes.slice(), score: this.#state.newest });
    this.#write({ chunks });
  }

  commit(token: number, manifest: CheckpointManifest, deployment: string): void {
    this.#check(token);
    const { newest, manifests, kept } = this.#state;
    const same = manifest.checkpoint === newest && JSON.stringify(manifests.get(newest)) === JSON.stringify(manifest);
    if (same) return;
    if (manifest.checkpoint <= newest) throw new CommitRefused(manifest.checkpoint, newest);
    const all = [...manifests, [manifest.checkpoint, manifest] as const].sort(([a], [b]) => b - a);
    const left = all.filter(([number], i) => i < retained || kept.has(number));
    this.#write({ manifests: new Map(left), newest: manifest.checkpoint, deployment });
  }

  /** A commit that asks for nothing, as a store makes it that does it wrongly. */
  commitUnchecked(manifest: CheckpointManifest, deployment: string): void {
    const manifests = new Map(this.#state.manifests).set(manifest.checkpoint, manifest);
    this.#write({ manifests, newest: manifest.checkpoint, deployment });
  }

  keep(token: number, checkpoint: number): void {
    this.#check(token);
    if (!this.#state.manifests.has(checkpoint)) throw new CheckpointGone(checkpoint);
    this.#write({ kept: new Set([...this.#state.kept, checkpoint]) });
  }

  collectGarbage(token: number, ahead: ReadonlySet<string> = new Set()): void {
    this.#check(token);
    const live = new Set(
      [...this.#state.manifests.values()].flatMap(({ parts }) => parts.flatMap(({ chunks }) => chunks.map((ref) => ref.sha256))),
    );
    const chunks = [...this.#state.chunks].filter(
      ([sha256, { score }]) => live.has(sha256) || ahead.has(sha256) || score >= this.#state.newest,
    );
    this.#write({ chunks: new Map(chunks) });
  }

  /** One script: rows and marker. Answers false when the marker has the checkpoint already. */
  addRows(sink: string, token: number, checkpoint: number, lines: readonly string[]): boolean {
    const before = this.rows(sink);
    if (token < before.token) throw new FencedError(token, before.token);
    if (before.checkpoint !== null && checkpoint <= before.checkpoint) return false;
    this.#write({ rows: new Map(this.#state.rows).set(sink, { lines: [...before.lines, ...lines], checkpoint, token }) });
    return true;
  }

  rows(sink: string): RedisRows {
    return this.#state.rows.get(sink) ?? { lines: [], checkpoint: null, token: 0 };
  }

  /** What a person reads from it. */
  parsedRows(sink: string): readonly JsonObject[] {
    return this.rows(sink).lines.map((line) => JSON.parse(line));
  }

  #check(token: number): void {
    if (token !== this.#state.token) throw new FencedError(token, this.#state.token);
  }

  #write(change: Partial<State>): void {
    this.#before.push(this.#state);
    if (this.#before.length > undoable) this.#before.shift();
    this.#state = { ...this.#state, ...change };
  }
}
