import { cpus } from "node:os";
import { errorSpike, runErrorSpike } from "./error-spike.ts";
import { logLines } from "./log-lines.ts";
import { type Contender, measureInTurn } from "./measure.ts";
import { runNaiveErrorSpike } from "./naive-error-spike.ts";
import { createNodeRedContender } from "./node-red.ts";
import { benchState } from "./state.ts";
import { benchSubject, type SubjectFigures, subjects } from "./subjects.ts";
import { benchSustained } from "./sustained.ts";

/**
 * `npm run bench [-- --records N] [--rounds N] [--json] [--check] [--node-red [folder]]`: scenario 1 from JSON bytes
 * in memory, records per CPU second, in turn with a plain callback-per-record implementation of the same.
 * `--only hopping,q0,q2,sessions` measures those subjects instead, against the floors of floors.json.
 */
const floors = { naive: 3.5, nodeRed: 50 };

function numberOption(name: string, fallback: number): number {
  const at = process.argv.indexOf(name);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
}

async function main(): Promise<number> {
  if (process.argv.includes("--state")) return await stateMain();
  if (process.argv.includes("--sustained")) return await sustainedMain();
  if (process.argv.includes("--only")) return await subjectsMain();
  const records = numberOption("--records", 600_000);
  const rounds = numberOption("--rounds", 5);
  const json = process.argv.includes("--json");
  const say = (line: string): void => {
    if (!json) process.stdout.write(`${line}\n`);
  };
  const bytes = logLines(records);
  say(
    `Error spike, tumbling 5 min: ${records} records, ${(bytes.length / records).toFixed(0)} bytes each; Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown"}`,
  );
  const expected = runNaiveErrorSpike(bytes, errorSpike.windowMs, errorSpike.threshold);
  const actual = await runErrorSpike(bytes);
  if (actual !== expected) {
    process.stderr.write(
      `The outputs differ, so no figure counts.\nnaive:\n${expected.slice(0, 600)}\nMillrace:\n${actual.slice(0, 600)}\n`,
    );
    return 1;
  }
  say(`outputs are equal: ${expected.split("\n").length - 1} alerts`);
  const contenders: Contender[] = [
    { name: "Millrace", records, run: () => runErrorSpike(bytes) },
    { name: "plain callbacks", records, run: async () => runNaiveErrorSpike(bytes, errorSpike.windowMs, errorSpike.threshold) },
  ];
  const nodeRed = process.argv.includes("--node-red") ? await createNodeRedContender(bytes, Math.min(records, 20_000), say) : null;
  if (nodeRed !== null) contenders.push(nodeRed.contender);
  const measured = await measureInTurn(contenders, rounds, say);
  await nodeRed?.stop();
  const [own] = measured;
  const ratios = measured
    .slice(1)
    .map(({ name, median }) => ({ against: name, ratio: own.median / median, floor: name === "Node-RED" ? floors.nodeRed : floors.naive }));
  if (json) process.stdout.write(`${JSON.stringify({ records, bytes: bytes.length, measured, ratios })}\n`);
  for (const { name, median } of measured)
    say(`${name.padEnd(16)} ${(median / 1e6).toFixed(3).padStart(8)} M records per CPU second (median of ${rounds})`);
  for (const { against, ratio, floor } of ratios) say(`Millrace is ×${ratio.toFixed(2)} of ${against} (floor ×${floor})`);
  const below = ratios.filter(({ ratio, floor }) => ratio < floor);
  return process.argv.includes("--check") && below.length > 0 ? 1 : 0;
}

async function subjectsMain(): Promise<number> {
  const names = (process.argv[process.argv.indexOf("--only") + 1] ?? "").split(",");
  const unknown = names.filter((name) => subjects.every((subject) => subject.name !== name));
  if (unknown.length > 0) {
    process.stderr.write(`--only: no subject "${unknown.join('", "')}"; there are ${subjects.map(({ name }) => name).join(", ")}\n`);
    return 2;
  }
  const json = process.argv.includes("--json");
  const say = (line: string): void => {
    if (!json) process.stdout.write(`${line}\n`);
  };
  const figures: SubjectFigures[] = [];
  for (const subject of subjects.filter(({ name }) => names.includes(name)))
    figures.push(await benchSubject(subject, numberOption("--records", 600_000), numberOption("--rounds", 5), say));
  if (json) process.stdout.write(`${JSON.stringify(figures)}\n`);
  return process.argv.includes("--check") && figures.some(({ ratio, floor }) => ratio < floor) ? 1 : 0;
}

async function sustainedMain(): Promise<number> {
  const isFlat = await benchSustained(numberOption("--records", 100_000_000), (line) => {
    process.stdout.write(`${line}\n`);
  });
  return process.argv.includes("--check") && !isFlat ? 1 : 0;
}

async function stateMain(): Promise<number> {
  const json = process.argv.includes("--json");
  const say = (line: string): void => {
    if (!json) process.stdout.write(`${line}\n`);
  };
  const { figures, ok } = await benchState(numberOption("--keys", 1_000_000), numberOption("--rounds", 5), say);
  if (json) process.stdout.write(`${JSON.stringify(figures)}\n`);
  return process.argv.includes("--check") && !ok ? 1 : 0;
}

process.exitCode = await main();
