import { parseArgs } from "node:util";
import { plantedBugs } from "./planted-bugs.ts";
import { crashPointTable, simulate } from "./simulate.ts";
import { simulateMany } from "./simulate-many.ts";

const usage = `usage: npm run sim -- [--seeds N] [--seed N [--trace]] [--from N] [--bug NAME]
  --seeds N   how many seeds (default 10000)
  --seed N    only this seed; with --trace, all that happens in it
  --from N    the first seed (default 1)
  --bug NAME  with a planted bug: ${Object.keys(plantedBugs)
    .map((name) => `"${name}"`)
    .join(", ")}`;

/** Runs simulations and prints what came of them; the exit code says whether all was well. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seeds: { type: "string" },
      seed: { type: "string" },
      from: { type: "string" },
      bug: { type: "string" },
      trace: { type: "boolean" },
    },
  });
  const [seeds = 10_000, seed, from = 1] = [values.seeds, values.seed, values.from].map((text) =>
    text === undefined ? undefined : Number(text),
  );
  const wiring = values.bug === undefined ? undefined : plantedBugs[values.bug];
  if ([seeds, seed ?? 0, from].some((value) => !Number.isSafeInteger(value)) || (values.bug !== undefined && wiring === undefined)) {
    process.stderr.write(`${usage}\n`);
    return 2;
  }
  if (seed !== undefined) {
    const { problem, trace, story } = await simulate(seed, { trace: true, ...(wiring === undefined ? {} : { wiring }) });
    if (values.trace) say(trace.join("\n"));
    say(`seed ${seed} (${story}): ${problem ?? "right"}`);
    return problem === null ? 0 : 1;
  }
  const began = process.cpuUsage();
  const {
    failure,
    crashPoints,
    seeds: done,
  } = await simulateMany(from, seeds, wiring, (count) => {
    if (count % 10_000 === 0) say(`${count} of ${seeds}`);
  });
  const { user, system } = process.cpuUsage(began);
  say(`${crashPointTable(crashPoints)}\n${failure?.report ?? `${done} seeds, all right`}; ${((user + system) / 1e6).toFixed(1)} s of CPU`);
  return failure === null ? 0 : 1;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

process.exitCode = await main();
