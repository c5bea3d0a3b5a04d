import { benchSubject, type Figures, tiersOf } from "./bench-subject.ts";
import { benchCores } from "./cores.ts";
import { inputPath } from "./documents.ts";
import { errorSpike } from "./error-spike.ts";
import { figureLine, headerLines } from "./figure-table.ts";
import { measureGrowth } from "./growth.ts";
import { benchKafka } from "./kafka/bench-kafka.ts";
import { machineLine } from "./machine.ts";
import { inThisProcess, measureInTurn } from "./measure.ts";
import { createNodeRedContender, nodeRedFloor } from "./node-red.ts";
import { updatePage } from "./performance-page.ts";
import { planOf } from "./plan-of.ts";
import { runPlan } from "./run-document.ts";
import { measureSliceGrowth, mostSliceGrowth, type SliceGrowth } from "./slice-growth.ts";
import { benchSpill } from "./spill/bench-spill.ts";
import { benchState, stateFigures } from "./state.ts";
import { type Subject, type Tier, tiers } from "./subject.ts";
import { subjects } from "./subjects.ts";
import { benchSustained } from "./sustained.ts";
import { writeFloors } from "./write-floors.ts";

/**
 * `npm run bench [-- --only q0,sessions] [--tier json|columns] [--records N] [--rounds N] [--json] [--check] [--verbose]`:
 * every subject in turn with a plain callback-per-record implementation of the same, in records per CPU second, after
 * checking that both put out the same rows. `--check` fails below the floors of floors.json.
 * `--only cores [--workers N]` measures scenario 1 on one worker and on two, by the wall clock and the CPU time of each thread,
 * and what as many processes reach that share nothing.
 * `slices` is what a hopping window costs with 300 slices, against 30. `--page` puts what was measured into
 * docs/performance.md, `--floors` sets the floors by it. `--plot` measures how the cost of a record grows, and draws it there.
 * `--node-red [folder]`, `--state`, `--spill`, `--kafka` and `--sustained` measure other things; see there.
 */
const rounds = numberOption("--rounds", 5);
const wantsJson = process.argv.includes("--json");
const wantsCheck = process.argv.includes("--check");
const wantsPage = process.argv.includes("--page");
/** Decoded columns go by faster, so that a run takes more of them. */
const defaultRecords: Readonly<Record<Tier, number>> = { json: 600_000, columns: 1_000_000 };

function say(line: string): void {
  if (!wantsJson) process.stdout.write(`${line}\n`);
}

function option(name: string): string | undefined {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}

function numberOption(name: string, fallback: number): number {
  const value = Number(option(name) ?? fallback);
  if (!(value >= 1)) throw new Error(`${name} wants a number from 1 on, not "${option(name)}"`);
  return value;
}

async function main(): Promise<number> {
  if (process.argv.includes("--state")) return await stateMain();
  if (process.argv.includes("--spill")) return await spillMain();
  if (process.argv.includes("--kafka")) return await kafkaMain();
  if (process.argv.includes("--sustained")) return await sustainedMain();
  if (process.argv.includes("--node-red")) return await nodeRedMain();
  if (process.argv.includes("--plot")) return await plotMain();
  if (option("--only") === "cores") return await coresMain();
  return await subjectsMain();
}

async function coresMain(): Promise<number> {
  const figures = await benchCores({ records: numberOption("--records", 3_000_000), rounds, workers: numberOption("--workers", 2), say });
  if (wantsJson) process.stdout.write(`${JSON.stringify(figures)}\n`);
  if (wantsPage) await updatePage({ machine: machineLine(), cores: figures });
  return wantsCheck && figures.ratio < figures.floor ? 1 : 0;
}

/** What `--only` names beside the subjects. */
const slicesName = "slices";

async function subjectsMain(): Promise<number> {
  const all = [...subjects.map(({ name }) => name), slicesName];
  const names = option("--only")?.split(",") ?? all;
  const unknown = names.filter((name) => !all.includes(name));
  const tier = option("--tier");
  if (unknown.length > 0 || (tier !== undefined && tiers.every((known) => known !== tier))) {
    const wrong = unknown.length > 0 ? `--only: no subject "${unknown.join('", "')}"` : `--tier: no tier "${tier}"`;
    process.stderr.write(`${wrong}; there are ${(unknown.length > 0 ? all : tiers).join(", ")}\n`);
    return 2;
  }
  say(machineLine());
  for (const line of headerLines) say(line);
  const figures: Figures[] = [];
  for (const subject of subjects.filter(({ name }) => names.includes(name)))
    for (const of of tiersOf(subject)) if (tier === undefined || tier === of) figures.push(await measured(subject, of));
  const slices = names.includes(slicesName) && tier !== "columns" ? await slicesMeasured() : null;
  if (wantsJson) process.stdout.write(`${JSON.stringify({ machine: machineLine(), figures, slices })}\n`);
  if (wantsPage) await updatePage({ machine: machineLine(), slices });
  if (process.argv.includes("--floors")) await writeFloors(figures);
  const below = figures.filter(({ ratio, floor }) => ratio < floor);
  for (const { subject, tier: of, ratio, floor } of below)
    say(`${subject} (${of}) is ×${ratio.toFixed(2)} of plain callbacks, below its floor of ×${floor}`);
  return wantsCheck && (below.length > 0 || (slices !== null && slices.growth > mostSliceGrowth)) ? 1 : 0;
}

async function slicesMeasured(): Promise<SliceGrowth> {
  const slices = await measureSliceGrowth(numberOption("--records", defaultRecords.json), rounds);
  const { nsOf30, nsOf300, growth } = slices;
  say(
    `slices: a record of hopping windows costs ${nsOf30.toFixed(0)} ns with 30 slices and ${nsOf300.toFixed(0)} ns with 300: ×${growth.toFixed(2)} (at most ×${mostSliceGrowth})`,
  );
  return slices;
}

async function plotMain(): Promise<number> {
  const growth = await measureGrowth({ records: numberOption("--records", defaultRecords.columns), rounds, say });
  if (wantsJson) process.stdout.write(`${JSON.stringify({ machine: machineLine(), growth })}\n`);
  await updatePage({ machine: machineLine(), growth });
  return 0;
}

async function measured(subject: Subject, tier: Tier): Promise<Figures> {
  const onProgress = process.argv.includes("--verbose") ? say : () => {};
  const figures = await benchSubject(subject, tier, { records: numberOption("--records", defaultRecords[tier]), rounds, onProgress });
  say(figureLine(figures));
  // At once, so that a run that is broken off leaves what it has measured.
  if (wantsPage) await updatePage({ machine: machineLine(), figures: [figures] });
  return figures;
}

async function nodeRedMain(): Promise<number> {
  const records = numberOption("--records", 600_000);
  const input = errorSpike.input(records);
  const plan = planOf(errorSpike.document);
  say(`${errorSpike.title}: ${records} records; ${machineLine()}`);
  const bytes = input.get(inputPath) ?? new Uint8Array(0);
  const nodeRed = await createNodeRedContender(bytes, Math.min(records, 20_000), say);
  if (nodeRed === null) return 0;
  const contenders = [inThisProcess("Millrace", records, () => runPlan(plan, input)), nodeRed.contender];
  const [own, other] = await measureInTurn(contenders, rounds, say);
  await nodeRed.stop();
  const ratio = own.median / other.median;
  if (wantsJson) process.stdout.write(`${JSON.stringify({ records, measured: [own, other], ratio })}\n`);
  for (const { name, median } of [own, other]) say(`${name.padEnd(16)} ${(median / 1e6).toFixed(3).padStart(8)} M records per CPU second`);
  say(`Millrace is ×${ratio.toFixed(0)} of Node-RED (floor ×${nodeRedFloor})`);
  return wantsCheck && ratio < nodeRedFloor ? 1 : 0;
}

async function sustainedMain(): Promise<number> {
  const isFlat = await benchSustained(numberOption("--records", 100_000_000), (line) => {
    process.stdout.write(`${line}\n`);
  });
  return wantsCheck && !isFlat ? 1 : 0;
}

async function kafkaMain(): Promise<number> {
  const parts = (option("--part") ?? "latency,throughput,state").split(",");
  const options = { records: numberOption("--records", 400_000), rounds, keys: numberOption("--keys", 1_000_000) };
  const { figures, ok } = await benchKafka({ ...options, parts }, say);
  if (wantsPage) await updatePage({ machine: machineLine(), kafka: figures });
  if (wantsJson) process.stdout.write(`${JSON.stringify(figures)}\n`);
  return wantsCheck && !ok ? 1 : 0;
}

async function spillMain(): Promise<number> {
  const { figures, ok } = await benchSpill(numberOption("--keys", 5_000_000), numberOption("--hot", 200_000), say);
  if (wantsJson) process.stdout.write(`${JSON.stringify(figures)}\n`);
  return wantsCheck && !ok ? 1 : 0;
}

async function stateMain(): Promise<number> {
  const { figures, ok } = await benchState(numberOption("--keys", 1_000_000), rounds, say);
  if (wantsPage) await updatePage({ machine: machineLine(), state: stateFigures(figures) });
  if (wantsJson) process.stdout.write(`${JSON.stringify(figures)}\n`);
  return wantsCheck && !ok ? 1 : 0;
}

process.exitCode = await main();
