import type { ColdRows } from "./cold-rows.ts";
import { SnapshotCorrupt, SnapshotReader } from "./snapshot-reader.ts";
import { SnapshotWriter } from "./snapshot-writer.ts";

/** Roughly the bytes of a piece, so that each is a chunk. */
const pieceBytes = 1_000_000;

/**
 * The cold rows of an operator, with what has changed since it was last asked for: that is what a checkpoint adds to its
 * log. Changes are written down as they come, in order, so that they take no more memory than they will take in the log.
 */
export class SpilledRows {
  readonly #cold: ColdRows;
  /** Full pieces of changes, and the one that is being written. */
  #full: Uint8Array<ArrayBuffer>[] = [];
  #writer: SnapshotWriter | null = null;
  #fullBytes = 0;

  constructor(cold: ColdRows) {
    this.#cold = cold;
  }

  get pendingBytes(): number {
    return this.#cold.pendingBytes;
  }

  /** Bytes of the changes. */
  get changedBytes(): number {
    return this.#fullBytes + (this.#writer?.length ?? 0);
  }

  get(key: string): Uint8Array | null {
    return this.#cold.get(key);
  }

  put(key: string, row: Uint8Array): void {
    this.#cold.put(key, row);
    this.#note(key, row);
  }

  remove(key: string): void {
    this.#cold.remove(key);
    this.#note(key, null);
  }

  settle(): Promise<void> {
    return this.#cold.settle();
  }

  close(): Promise<void> {
    return this.#cold.close();
  }

  /** What has changed since the last call, as of now. */
  takeChanges(): readonly Uint8Array<ArrayBuffer>[] {
    const pieces = this.#full;
    if (this.#writer !== null) pieces.push(this.#writer.finish());
    this.#full = [];
    this.#writer = null;
    this.#fullBytes = 0;
    return pieces;
  }

  /** All rows, while they go on changing; the changes since the call have to follow. */
  async *whole(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    this.takeChanges();
    let writer = new SnapshotWriter();
    for await (const [key, row] of this.#cold.rows()) {
      writeRow(writer, key, row);
      if (writer.length < pieceBytes) continue;
      yield writer.finish();
      writer = new SnapshotWriter();
    }
    yield writer.finish();
  }

  #note(key: string, row: Uint8Array | null): void {
    this.#writer ??= new SnapshotWriter();
    writeRow(this.#writer, key, row);
    if (this.#writer.length < pieceBytes) return;
    this.#full.push(this.#writer.finish());
    this.#fullBytes += this.#writer.length;
    this.#writer = null;
  }

  /**
   * Takes over a piece of a log; to be called in their order. Returns the bytes of a row that does not end in it, which
   * belong before the next piece; of a whole log nothing is left.
   */
  apply(piece: Uint8Array): Uint8Array {
    const reader = new SnapshotReader(piece);
    while (reader.remaining > 0) {
      const at = piece.length - reader.remaining;
      try {
        const key = reader.string();
        if (reader.boolean()) this.#cold.put(key, reader.bytes());
        else this.#cold.remove(key);
      } catch (cause) {
        if (cause instanceof SnapshotCorrupt) return piece.subarray(at);
        throw cause;
      }
    }
    return new Uint8Array(0);
  }
}

function writeRow(writer: SnapshotWriter, key: string, row: Uint8Array | null): void {
  writer.string(key);
  writer.boolean(row !== null);
  if (row !== null) writer.bytes(row);
}
