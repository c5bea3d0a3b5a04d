import { kafkaIsMissing } from "@millrace/scripts/test-kafka";
import { beforeEach, expect, it } from "vitest";
import { runChaos } from "../chaos/chaos-run.ts";
import { kills } from "../chaos/faults.ts";
import { storeFaults } from "../chaos/store-faults.ts";

const missing = kafkaIsMissing({ ofOurOwn: true });
beforeEach((context) => {
  if (missing !== null) context.skip(`SKIPPED: ${missing}`);
});

it("ten kills of the fraud score, at the points of the protocol too: nothing is lost, twice or wrong", async () => {
  const seed = Number(process.env.CHAOS_SEED ?? 1);
  const said: string[] = [];
  const result = await runChaos({ seed, payments: 5000, faults: 10, from: kills, say: (line) => said.push(line) });
  const none = { lost: 0, duplicate: 0, wrong: 0, disordered: 0, examples: [] };
  expect({ topic: result.topic, table: result.table, deadLetters: result.deadLetters }, said.join("\n")).toEqual({
    topic: none,
    table: none,
    deadLetters: 0,
  });
  expect(result.recoveries).toHaveLength(10);
  expect(result.tally).toMatchObject({ staleWrites: 0, examples: [] });
}, 600_000);

it("a checkpoint that is damaged and a store that is lost stop the pipeline, loudly and never empty; from a backup it goes on", async () => {
  const said: string[] = [];
  const options = { seed: 2, payments: 5000, faults: storeFaults.length, from: storeFaults, say: (line: string) => said.push(line) };
  const { topic, table, tally, deadLetters } = await runChaos(options);
  const none = { lost: 0, duplicate: 0, wrong: 0, disordered: 0, examples: [] };
  expect({ topic, table, deadLetters }, said.join("\n")).toEqual({ topic: none, table: none, deadLetters: 0 });
  expect(tally, said.join("\n")).toMatchObject({
    damages: storeFaults.length,
    detected: storeFaults.length,
    staleWrites: 0,
    examples: [],
  });
}, 600_000);
