import type { ColdRows } from "./cold-rows.ts";
import { SnapshotCorrupt, SnapshotReader } from "./snapshot-reader.ts";
import { SnapshotWriter } from "./snapshot-writer.ts";

/** Roughly the bytes of a piece, so that each is a chunk. */
const pieceBytes = 1_000_000;

/** The cold rows of an operator, with what has changed since it was last asked for: that is what a checkpoint adds to its log. */
export class SpilledRows {
  readonly #cold: ColdRows;
  /** By key; null = removed. */
  #changes = new Map<string, Uint8Array | null>();
  #changedBytes = 0;

  constructor(cold: ColdRows) {
    this.#cold = cold;
  }

  get pendingBytes(): number {
    return this.#cold.pendingBytes;
  }

  /** Roughly the bytes of the changes. */
  get changedBytes(): number {
    return this.#changedBytes;
  }

  get(key: string): Uint8Array | null {
    return this.#cold.get(key);
  }

  put(key: string, row: Uint8Array): void {
    this.#cold.put(key, row);
    this.#changes.set(key, row);
    this.#changedBytes += key.length + row.length + 9;
  }

  remove(key: string): void {
    this.#cold.remove(key);
    this.#changes.set(key, null);
    this.#changedBytes += key.length + 5;
  }

  settle(): Promise<void> {
    return this.#cold.settle();
  }

  close(): Promise<void> {
    return this.#cold.close();
  }

  /** What has changed since the last call, as of now; each piece is made when it is asked for. */
  takeChanges(): Iterable<Uint8Array<ArrayBuffer>> {
    const changes = this.#changes;
    this.#changes = new Map();
    this.#changedBytes = 0;
    return pieces(changes);
  }

  /** All rows, while they go on changing; the changes since the call have to follow. */
  async *whole(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    this.#changes = new Map();
    this.#changedBytes = 0;
    let writer = new SnapshotWriter();
    for await (const [key, row] of this.#cold.rows()) {
      writeRow(writer, key, row);
      if (writer.length < pieceBytes) continue;
      yield writer.finish();
      writer = new SnapshotWriter();
    }
    yield writer.finish();
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

function* pieces(changes: ReadonlyMap<string, Uint8Array | null>): Generator<Uint8Array<ArrayBuffer>> {
  let writer = new SnapshotWriter();
  for (const [key, row] of changes) {
    writeRow(writer, key, row);
    if (writer.length < pieceBytes) continue;
    yield writer.finish();
    writer = new SnapshotWriter();
  }
  if (writer.length > 0) yield writer.finish();
}

function writeRow(writer: SnapshotWriter, key: string, row: Uint8Array | null): void {
  writer.string(key);
  writer.boolean(row !== null);
  if (row !== null) writer.bytes(row);
}
