import { parseArgs } from "node:util";
import { fuzzExpressions, fuzzJsonDecoder } from "@millrace/engine/testing";
import { openEarlierVersion } from "./earlier-version.ts";
import { fuzzAcross } from "./fuzz-across.ts";
import { fuzzPipelines } from "./fuzz-pipelines.ts";

const usage = `usage: npm run fuzz -- [--pipelines | --decoder | --expressions] [--seeds N] [--seed N]
  --pipelines    random pipelines and inputs (default)
  --decoder      the JSON decoder against JSON.parse, random chunks of lines
  --expressions  expression kernels against a reference evaluator
  --across C     random pipelines begun by the engine of commit C, killed, and gone on with by this one from the same checkpoints
  --seeds N      how many cases (default 100000 pipelines, 1000 across commits, 1000000 lines or expressions)
  --seed N       only the case of this seed
  --from N       the first seed (default 1)`;

/** Runs one kind of fuzzing and prints what it saw; the exit code says whether all was well. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      pipelines: { type: "boolean" },
      decoder: { type: "boolean" },
      expressions: { type: "boolean" },
      across: { type: "string" },
      seeds: { type: "string" },
      seed: { type: "string" },
      from: { type: "string" },
    },
  });
  const numbers = [values.seeds, values.seed, values.from].map((text) => (text === undefined ? undefined : Number(text)));
  if (numbers.some((value) => value !== undefined && !Number.isSafeInteger(value))) {
    process.stderr.write(`${usage}\n`);
    return 2;
  }
  const [seeds, seed, from = 1] = numbers;
  const first = seed ?? from;
  if (values.decoder) return decoder(first, seed === undefined ? (seeds ?? 1_000_000) : 1);
  if (values.expressions) return expressions(first, seed === undefined ? (seeds ?? 1_000_000) : 1);
  if (values.across !== undefined) return await across(values.across, first, seed === undefined ? (seeds ?? 1000) : 1);
  return await pipelines(first, seed === undefined ? (seeds ?? 100_000) : 1);
}

async function pipelines(from: number, count: number): Promise<number> {
  const began = process.cpuUsage();
  const { failure, cases, rows, sinks, naiveSinks, operators } = await fuzzPipelines(from, count, (done) => {
    if (done % 10_000 === 0) say(`${done} of ${count}`);
  });
  if (failure !== null) {
    say(failure.report);
    return 1;
  }
  const kinds = [...operators].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, times]) => `  ${name} ${times}`);
  say(`${cases} pipelines, ${rows} rows, no difference; ${naiveSinks} of ${sinks} sinks compared with the naive evaluation; ${cpu(began)}`);
  say(kinds.join("\n"));
  return 0;
}

async function across(commit: string, from: number, count: number): Promise<number> {
  const began = process.cpuUsage();
  const earlier = await openEarlierVersion(commit);
  const { runs, unknown, operators, failure } = await fuzzAcross(earlier, from, count);
  await earlier.close();
  if (failure !== null) {
    say(`seed ${failure.seed}: ${failure.report}\nreplay: npm run fuzz -- --across ${commit} --seed ${failure.seed}`);
    return 1;
  }
  const kinds = [...operators].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, times]) => `  ${name} ${times}`);
  say(`${runs} runs begun at ${commit} and ended here, no difference; ${unknown} pipelines were unknown there; ${cpu(began)}`);
  say(kinds.join("\n"));
  return runs === 0 ? 1 : 0;
}

/** Chunks of lines until there were `count` lines. */
function decoder(from: number, count: number): number {
  const began = process.cpuUsage();
  let lines = 0;
  for (let seed = from; lines < count; seed++) {
    const found = fuzzJsonDecoder(seed, 1);
    lines += found.lines;
    if (found.disagreement === null) continue;
    say(`${JSON.stringify(found.disagreement, null, 1)}\nreplay: npm run fuzz -- --decoder --seed ${seed}`);
    return 1;
  }
  say(`${lines} lines, no difference from JSON.parse; ${cpu(began)}`);
  return 0;
}

function expressions(from: number, count: number): number {
  const began = process.cpuUsage();
  const found = fuzzExpressions(from, count);
  if (found === null) {
    say(`${count} expressions, no difference from the reference evaluator; ${cpu(began)}`);
    return 0;
  }
  say(`${JSON.stringify(found, null, 1)}\nreplay: npm run fuzz -- --expressions --seed ${found.seed}`);
  return 1;
}

function cpu(since: NodeJS.CpuUsage): string {
  const { user, system } = process.cpuUsage(since);
  return `${((user + system) / 1e6).toFixed(1)} s of CPU`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

process.exitCode = await main();
