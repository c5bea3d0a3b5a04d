import { parseArgs } from "node:util";
import { type ChaosResult, runChaos } from "./chaos-run.ts";
import { allFaults, kills } from "./faults.ts";

/**
 * `npm run chaos [-- --kills 200] [--payments 100000] [--seed N] [--kills-only] [--minutes 30]`: the fraud score over real servers while
 * everything fails, no fault after `--minutes`; exits with 1 when anything is lost, there twice or wrong, or when recovery takes too long.
 */
const limits = { p50Ms: 5000, p99Ms: 15_000 };

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "40" },
    payments: { type: "string", default: "100000" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    minutes: { type: "string" },
    "kills-only": { type: "boolean", default: false },
  },
});

function report({ topic, table, recoveries, deadLetters, tally }: ChaosResult): number {
  const sorted = recoveries.map(({ ms }) => ms).sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  for (const [name, check] of [["topic", topic] as const, ["table", table] as const]) {
    process.stdout.write(
      `${name}: lost ${check.lost}, duplicate ${check.duplicate}, wrong ${check.wrong}, out of order ${check.disordered}\n`,
    );
    for (const example of check.examples) process.stdout.write(`  ${example}\n`);
  }
  process.stdout.write(`dead letters ${deadLetters}\n`);
  const stops = [...tally.stops].map(([code, count]) => `${code} ${count}`).join(", ");
  process.stdout.write(`damaged or lost checkpoints ${tally.damages}, detected ${tally.detected} (${stops})\n`);
  process.stdout.write(`zombies ${tally.zombies}, writes after they were fenced ${tally.staleWrites}\n`);
  for (const example of tally.examples.slice(0, 10)) process.stdout.write(`  ${example}\n`);
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
  process.stdout.write(
    `recovery of ${sorted.length} faults: p50 ${seconds(at(0.5))}, p99 ${seconds(at(0.99))}, longest ${seconds(at(1))}\n`,
  );
  const wrong = [topic, table].some(({ lost, duplicate, wrong: bad, disordered }) => lost + duplicate + bad + disordered > 0);
  const unsafe = tally.detected < tally.damages || tally.staleWrites > 0;
  return wrong || unsafe || deadLetters > 0 || at(0.5) > limits.p50Ms || at(0.99) > limits.p99Ms ? 1 : 0;
}

const result = await runChaos({
  seed: Number(values.seed),
  payments: Number(values.payments),
  faults: Number(values.kills),
  from: values["kills-only"] ? kills : allFaults,
  ...(values.minutes === undefined ? {} : { withinMs: Number(values.minutes) * 60_000 }),
  say: (line) => process.stdout.write(`${line}\n`),
});
process.exit(report(result));
