/** Where operators keep rows that have no room in memory: an LSM store, or memory again. What it holds is scratch: checkpoints have it too. */
export interface StateBackend {
  /** Rows of one operator; empty, whatever an earlier run has left. */
  open(operator: string): Promise<ColdRows>;
}

/**
 * Rows by key, in no order. Reading is synchronous and sees all that was put before; writing is behind, in the background.
 */
export interface ColdRows {
  /** The row of a key, which belongs to the caller; null when there is none. */
  get(key: string): Uint8Array | null;
  /** Puts a row in place of what the key had. The array is kept: do not write into it afterwards. */
  put(key: string, row: Uint8Array): void;
  remove(key: string): void;
  /** Bytes that were put and are still in memory. When they grow, `settle` before going on. */
  readonly pendingBytes: number;
  /** Waits until nothing is pending. Rejects when rows cannot be written. */
  settle(): Promise<void>;
  /** All rows as of some moment since the call began. Rows that change meanwhile may come as they were or as they are. */
  rows(): AsyncIterable<readonly [key: string, row: Uint8Array]>;
  close(): Promise<void>;
}
