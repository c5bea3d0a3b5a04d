import type { CheckpointPart, ChunkRef } from "../checkpoint/checkpoint-store.ts";
import { stateSignature } from "../compile/state-signature.ts";
import type { StateBackend } from "../state/cold-rows.ts";
import { createMemoryStateBackend } from "../state/memory-state-backend.ts";
import { SpilledRows } from "../state/spilled-rows.ts";
import type { OperatorHost } from "./operator-host.ts";
import type { PartBytes, RunCheckpoints } from "./run-checkpoints.ts";

/** Where state goes that does not fit into memory, and how much of it is kept there. */
export interface StateOptions {
  readonly backend: StateBackend;
  /** How many keys each operator that can spill keeps in memory. */
  readonly hotKeys: number;
}

const memoryOnly: StateOptions = { backend: createMemoryStateBackend(), hotKeys: Number.POSITIVE_INFINITY };
/** Rows waiting to be written: beyond this, records wait for them. */
const mostPendingBytes = 8 << 20;
/** A log is begun anew when it is so many times as long as it was when it was last, and longer than that. */
const growth = 3;
const mostSmallBytes = 16 << 20;

interface ColdState {
  readonly host: OperatorHost;
  readonly rows: SpilledRows;
  /** The log that checkpoints refer to, and how long it was when it was begun. */
  chunks: readonly ChunkRef[];
  wholeBytes: number;
  /** Begun anew for the checkpoint that is coming. */
  begun: ChunkRef[] | null;
}

/** The rows of a run that are outside of memory: their logs in checkpoints, and that records do not outrun their writing. */
export class ColdStates {
  readonly #checkpoints: RunCheckpoints;
  readonly #states = new Map<string, ColdState>();

  constructor(checkpoints: RunCheckpoints) {
    this.#checkpoints = checkpoints;
  }

  /** Gives every operator that can spill its rows. */
  async open(hosts: Iterable<OperatorHost>, { backend, hotKeys }: StateOptions = memoryOnly): Promise<void> {
    for (const host of hosts) {
      const { spilling } = host.operator;
      if (spilling === undefined) continue;
      const rows = new SpilledRows(await backend.open(host.step.id));
      spilling.attach(rows, hotKeys);
      this.#states.set(host.step.id, { host, rows, chunks: [], wholeBytes: 0, begun: null });
    }
  }

  /** Takes over the rows of a checkpoint, a chunk at a time. */
  async restore(part: CheckpointPart): Promise<void> {
    const state = this.#states.get(part.id);
    if (state === undefined) throw new Error(`${part.id} has rows in the checkpoint but cannot spill`);
    let left: Uint8Array = new Uint8Array(0);
    for (const chunk of part.chunks) {
      left = state.rows.apply(joined(left, await this.#checkpoints.read({ ...part, chunks: [chunk] })));
      if (state.rows.pendingBytes > mostPendingBytes) await state.rows.settle();
    }
    if (left.length > 0) throw new Error(`the rows of ${part.id} in the checkpoint end amid a row`);
    state.chunks = part.chunks;
    state.wholeBytes = part.wholeBytes ?? 0;
  }

  /** Bytes that the next checkpoint will write, and that are in memory until then. */
  get changedBytes(): number {
    let bytes = 0;
    for (const { rows } of this.#states.values()) bytes += rows.changedBytes;
    return bytes;
  }

  /** Waits while too much is to be written. null: nothing to wait for. */
  relieve(): Promise<unknown> | null {
    const busy = [...this.#states.values()].filter(({ rows }) => rows.pendingBytes > mostPendingBytes);
    return busy.length === 0 ? null : Promise.all(busy.map(({ rows }) => rows.settle()));
  }

  /** Begins logs anew that have become too long; null when there are none. */
  prepare(): Promise<void> | null {
    const long = [...this.#states.values()].filter(
      ({ chunks, wholeBytes }) => bytesOf(chunks) > Math.max(mostSmallBytes, wholeBytes * growth),
    );
    return long.length === 0 ? null : this.#rewrite(long);
  }

  /** What the checkpoint adds; called when everything else is taken. */
  take(): PartBytes[] {
    const parts: PartBytes[] = [];
    for (const [id, state] of this.#states) {
      const before = state.begun ?? state.chunks;
      if (state.rows.changedBytes + before.length === 0) continue;
      const pieces = state.rows.takeChanges();
      if (state.begun !== null) state.wholeBytes = bytesOf(state.begun);
      const { wholeBytes } = state;
      parts.push({ kind: "rows", id, before, pieces, piecewise: true, wholeBytes, signature: stateSignature(state.host.step) });
    }
    return parts;
  }

  /** The checkpoint with what was taken last is committed. */
  committed(chunksOf: (id: string) => readonly ChunkRef[]): void {
    for (const [id, state] of this.#states) {
      state.chunks = chunksOf(id);
      state.begun = null;
    }
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#states.values()].map(({ rows }) => rows.close()));
  }

  async #rewrite(states: readonly ColdState[]): Promise<void> {
    for (const state of states) {
      const begun: ChunkRef[] = [];
      for await (const piece of state.rows.whole()) begun.push(...(await this.#checkpoints.store([piece])));
      state.begun = begun;
    }
  }
}

function bytesOf(chunks: readonly ChunkRef[]): number {
  return chunks.reduce((sum, { bytes }) => sum + bytes, 0);
}

function joined(left: Uint8Array, right: Uint8Array): Uint8Array {
  if (left.length === 0) return right;
  const whole = new Uint8Array(left.length + right.length);
  whole.set(left);
  whole.set(right, left.length);
  return whole;
}
