import type { ColdRows, StateBackend } from "./cold-rows.ts";

/** Keeps the rows in memory, beside the state that is worked on: for tests, and to go on from a checkpoint that has such rows. */
export function createMemoryStateBackend(): StateBackend {
  return { open: async () => createMemoryRows() };
}

/** Empty rows in memory. */
export function createMemoryRows(): ColdRows {
  const held = new Map<string, Uint8Array>();
  return {
    pendingBytes: 0,
    get: (key) => held.get(key)?.slice() ?? null,
    put: (key, row) => {
      held.set(key, row);
    },
    remove: (key) => {
      held.delete(key);
    },
    settle: async () => {},
    async *rows() {
      for (const [key, row] of held) yield [key, row.slice()];
    },
    close: async () => held.clear(),
  };
}
