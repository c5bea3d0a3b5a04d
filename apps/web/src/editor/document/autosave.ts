import type { PipelineDocument } from "@millrace/engine";

/** What the server answered to a save. */
export type SaveOutcome =
  | { readonly kind: "saved"; readonly revision: number }
  /** Somebody else saved in between; `revision` is theirs. */
  | { readonly kind: "conflict"; readonly revision: number }
  /** The server cannot be reached; worth another try. */
  | { readonly kind: "offline" }
  /** The server will not have it (no right to edit, not a valid document); another try is pointless. */
  | { readonly kind: "refused"; readonly message: string };

/** Where the work stands. Every state but `saved` means that there is something to lose. */
export type SaveState =
  | { readonly kind: "saved" }
  | { readonly kind: "unsaved" }
  | { readonly kind: "saving" }
  | { readonly kind: "conflict"; readonly theirRevision: number }
  | { readonly kind: "offline" }
  | { readonly kind: "refused"; readonly message: string };

/** What autosave needs from its host. */
export interface AutosaveHost {
  save(document: PipelineDocument, expectedRevision: number): Promise<SaveOutcome>;
  /** Calls back once after `ms`; the result cancels. */
  delay(ms: number, callback: () => void): () => void;
  onState(state: SaveState): void;
}

/** Quiet time after an edit before it is saved, ms. */
export const quietMs = 800;

/** Waits between tries while the server cannot be reached, ms; the last one repeats. */
const retryMs = [1000, 2000, 5000, 10_000];

/**
 * Saves a document a moment after each change, one request at a time, always the newest document. Each save names
 * the revision that it builds on; a conflict stops saving until somebody decides.
 */
export class Autosave {
  #revision: number;
  #saved: PipelineDocument;
  #current: PipelineDocument;
  #state: SaveState = { kind: "saved" };
  #running: Promise<void> | null = null;
  #cancelTimer: (() => void) | null = null;
  #failures = 0;
  #stopped = false;
  readonly #host: AutosaveHost;

  /** `document` is what the server holds as `revision`. */
  constructor(document: PipelineDocument, revision: number, host: AutosaveHost) {
    this.#saved = document;
    this.#current = document;
    this.#revision = revision;
    this.#host = host;
  }

  get state(): SaveState {
    return this.#state;
  }

  /** The newest revision of which this editor knows that the server holds its document. */
  get revision(): number {
    return this.#revision;
  }

  /** Tells of the document as it is now. Call after each change; the same object as before is no change. */
  changed(document: PipelineDocument): void {
    if (document === this.#current) return;
    this.#current = document;
    if (this.#state.kind === "conflict") return;
    if (document === this.#saved && this.#running === null) {
      this.#clearTimer();
      this.#become({ kind: "saved" });
      return;
    }
    if (this.#running === null) {
      this.#become({ kind: "unsaved" });
      this.#schedule(quietMs);
    }
  }

  /** Saves at once what is unsaved; resolves when nothing is, or when saving cannot go on. */
  async flush(): Promise<SaveState> {
    this.#clearTimer();
    while (this.#running !== null) await this.#running;
    if (this.#current !== this.#saved && this.#state.kind !== "conflict") await this.#run();
    return this.#state;
  }

  /** After a conflict: save this editor's document over theirs. */
  async overwrite(): Promise<SaveState> {
    if (this.#state.kind === "conflict") {
      this.#revision = this.#state.theirRevision;
      this.#become({ kind: "unsaved" });
    }
    return this.flush();
  }

  /** After a conflict: go on from the server's document instead. */
  adopt(document: PipelineDocument, revision: number): void {
    this.#clearTimer();
    this.#revision = revision;
    this.#saved = document;
    this.#current = document;
    this.#become({ kind: "saved" });
  }

  /** Saves by itself from now on, as it does from the beginning. */
  start(): void {
    this.#stopped = false;
    if (this.#state.kind === "unsaved" && this.#running === null) this.#schedule(quietMs);
  }

  /** Sends off what is unsaved, and saves no more by itself; a save under way is let finish. */
  stop(): void {
    this.#stopped = true;
    this.#clearTimer();
    if (this.#state.kind === "unsaved" && this.#running === null) void this.#run();
  }

  #schedule(ms: number): void {
    if (this.#stopped) return;
    this.#clearTimer();
    this.#cancelTimer = this.#host.delay(ms, () => {
      this.#cancelTimer = null;
      if (this.#running === null) void this.#run();
    });
  }

  #run(): Promise<void> {
    const running = this.#saveOnce().finally(() => {
      this.#running = null;
    });
    this.#running = running;
    return running.then(() => this.#afterRun());
  }

  async #saveOnce(): Promise<void> {
    const document = this.#current;
    this.#become({ kind: "saving" });
    const outcome = await this.#host.save(document, this.#revision).catch((): SaveOutcome => ({ kind: "offline" }));
    if (outcome.kind === "saved") {
      this.#revision = outcome.revision;
      this.#saved = document;
      this.#failures = 0;
      this.#become(this.#current === document ? { kind: "saved" } : { kind: "unsaved" });
    } else if (outcome.kind === "conflict") this.#become({ kind: "conflict", theirRevision: outcome.revision });
    else this.#become(outcome);
  }

  #afterRun(): void {
    if (this.#state.kind === "unsaved") this.#schedule(quietMs);
    if (this.#state.kind === "offline") {
      this.#schedule(retryMs[Math.min(this.#failures, retryMs.length - 1)]);
      this.#failures++;
    }
  }

  #clearTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  #become(state: SaveState): void {
    if (state.kind === this.#state.kind && state.kind !== "refused") return;
    this.#state = state;
    this.#host.onState(state);
  }
}
