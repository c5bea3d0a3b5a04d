import { kafkaIsMissing } from "@millrace/scripts/test-kafka";
import { expect, it } from "vitest";
import { runChaos } from "../chaos/chaos-run.ts";
import { kills } from "../chaos/faults.ts";

const missing = kafkaIsMissing({ ofOurOwn: true });
if (missing !== null) console.warn(`SKIPPED: ten kills of the fraud score over Kafka, because ${missing}`);

it.skipIf(missing !== null)(
  "ten kills of the fraud score, at the points of the protocol too: nothing is lost, twice or wrong",
  async () => {
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
  },
  300_000,
);
