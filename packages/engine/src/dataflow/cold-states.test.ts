import { sha256 as softwareSha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { expect, test } from "vitest";
import { createMemoryCheckpointStore } from "../checkpoint/memory-checkpoint-store.ts";
import type { StateBackend } from "../state/cold-rows.ts";
import { createMemoryRows } from "../state/memory-state-backend.ts";
import { SpilledRows } from "../state/spilled-rows.ts";
import { createSimulatedClock } from "../testing/simulated-clock.ts";
import { ColdStates } from "./cold-states.ts";
import { keyedHost, keyedOperators } from "./keyed-hosts.fixture.ts";
import { RunCheckpoints } from "./run-checkpoints.ts";

const clock = createSimulatedClock();
const sha256 = (bytes: Uint8Array): string => bytesToHex(softwareSha256(bytes));
const header = { pipelineId: "p", graphHash: "h", final: false };

/** A host whose operator is given `rows` to spill into. */
function spillingHost(id: string, give: (rows: SpilledRows) => void) {
  const { host } = keyedHost(keyedOperators.deduplicate);
  Object.assign(host, { step: { ...host.step, id }, operator: { ...host.operator, ports: ["out"], spilling: { attach: give } } });
  return host;
}

async function open(store: ReturnType<typeof createMemoryCheckpointStore>) {
  const { fencingToken, manifest } = await store.takeOver();
  const checkpoints = new RunCheckpoints(store, { sha256, packing: null }, clock, fencingToken, manifest);
  const cold = new ColdStates(checkpoints);
  const held = createMemoryRows();
  let rows = new SpilledRows(held);
  const backend: StateBackend = { open: async () => held };
  const host = spillingHost("once:deduplicate", (given) => {
    rows = given;
  });
  await cold.open([host], { backend, hotKeys: 1 });
  for (const part of manifest?.parts ?? []) if (part.kind === "rows") await cold.restore(part);
  return { cold, checkpoints, rows, held, fencingToken };
}

test("rows survive in checkpoints whose logs are begun anew when they get long, while rows change, and through garbage collection", async () => {
  const store = createMemoryCheckpointStore();
  const expected = new Map<string, number>();
  let changes = 0;
  let longest = 0;
  let wasRewritten = false;
  for (let life = 0; life < 3; life++) {
    const { cold, checkpoints, rows, held, fencingToken } = await open(store);
    for (const [key, value] of expected) expect(held.get(key)?.at(-1)).toBe(value);
    expect(held.get("removed")).toBeNull();
    const change = (): void => {
      const key = `key ${changes % 23}`;
      // Some rows are longer than a chunk.
      rows.put(key, new Uint8Array(changes % 23 === 5 ? 1_300_000 : 90_000).fill(changes % 251));
      expected.set(key, changes % 251);
      rows.put("removed", Uint8Array.of(1));
      rows.remove("removed");
      changes++;
    };
    for (let n = 1; n <= 10; n++) {
      for (let i = 0; i < 20; i++) change();
      const ahead = cold.prepare();
      wasRewritten ||= ahead !== null;
      change();
      await ahead;
      change();
      await checkpoints.commit({ ...header, checkpoint: life * 100 + n }, cold.take());
      const part = checkpoints.manifest?.parts.find(({ kind }) => kind === "rows");
      cold.committed(() => part?.chunks ?? []);
      longest = Math.max(longest, part?.chunks.reduce((sum, { bytes }) => sum + bytes, 0) ?? 0);
    }
    await store.collectGarbage(fencingToken);
    await cold.close();
  }
  expect(wasRewritten).toBe(true);
  expect(longest).toBeLessThan(32 << 20);
  const { held } = await open(store);
  for (const [key, value] of expected) expect(held.get(key)?.at(-1)).toBe(value);
});
