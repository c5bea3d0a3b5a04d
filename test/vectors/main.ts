import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type Form, type Outcome, runVector } from "./suite.ts";
import { suiteOf } from "./suites.ts";

/** How the vectors of a file, or of all, came out. */
interface Tally {
  passed: number;
  failed: number;
  /** Vectors whose form no suite knows. */
  unknown: number;
  /** How many differ by each rule. */
  readonly different: Map<string, number>;
}

/** Why, by rule. */
const reasons = new Map<string, string>();

/**
 * `node test/vectors/main.ts <folder> [file …]`: runs vectors taken from other stream engines on the operators of this
 * one, and says for each file and for all together how many passed, failed, and differ on purpose. What a vector looks like
 * decides how it is run; its file may have any name. Fails when one fails or none knows how to run it, or when none ran.
 */
async function main(folder: string | undefined, only: readonly string[]): Promise<number> {
  if (folder === undefined) {
    process.stderr.write("usage: node test/vectors/main.ts <folder with vectors> [file …]\n");
    return 2;
  }
  const total = emptyTally();
  const files = jsonFiles(folder).filter((path) => only.length === 0 || only.includes(basename(path)));
  for (const path of files) {
    const vectors = vectorsOf(path);
    if (vectors.length === 0) process.stdout.write(`${basename(path)}: no vectors\n`);
    else await runFile(path, vectors, total);
  }
  const ran = total.passed + total.failed + count(total.different);
  process.stdout.write(`all ${ran + total.unknown}: ${tallyWords(total)}\n`);
  for (const [rule, times] of total.different) process.stdout.write(`  ${times} × ${rule}: ${reasons.get(rule)}\n`);
  return total.failed > 0 || total.unknown > 0 || ran === 0 ? 1 : 0;
}

function jsonFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".json"))
    .sort()
    .map((path) => join(folder, path));
}

/** The vectors of a file; none when it holds something else, such as the input of others. */
function vectorsOf(path: string): readonly (Form & { readonly id: string })[] {
  const read: unknown = JSON.parse(readFileSync(path, "utf8"));
  return Array.isArray(read) ? read.filter(isVector) : [];
}

function isVector(entry: unknown): entry is Form & { readonly id: string } {
  return typeof entry === "object" && entry !== null && "id" in entry && typeof entry.id === "string" && "origin" in entry;
}

async function runFile(path: string, vectors: readonly (Form & { readonly id: string })[], total: Tally): Promise<void> {
  const tally = emptyTally();
  for (const vector of vectors) {
    const suite = suiteOf(vector);
    if (suite === undefined) {
      for (const each of [tally, total]) each.unknown++;
      process.stdout.write(`UNKNOWN ${vector.id}: no suite runs a vector with ${Object.keys(vector).join(", ")}\n`);
      continue;
    }
    const outcome = await runVector(suite, vector, dirname(path));
    for (const each of [tally, total]) note(each, outcome);
    if (outcome.kind === "failed") process.stdout.write(`FAILED ${vector.id} (${suite.name})\n${outcome.problem}\n`);
    if (outcome.kind === "different") reasons.set(outcome.rule, suite.differences.find(({ name }) => name === outcome.rule)?.why ?? "");
  }
  process.stdout.write(`${basename(path)}: ${tallyWords(tally)}\n`);
}

function note(tally: Tally, outcome: Outcome): void {
  if (outcome.kind === "passed") tally.passed++;
  else if (outcome.kind === "failed") tally.failed++;
  else tally.different.set(outcome.rule, (tally.different.get(outcome.rule) ?? 0) + 1);
}

function emptyTally(): Tally {
  return { passed: 0, failed: 0, unknown: 0, different: new Map() };
}

function count(different: ReadonlyMap<string, number>): number {
  return [...different.values()].reduce((sum, times) => sum + times, 0);
}

function tallyWords({ passed, failed, unknown, different }: Tally): string {
  const words = `${passed} passed, ${failed} failed, ${count(different)} deliberately different`;
  return unknown === 0 ? words : `${words}, ${unknown} of unknown form`;
}

process.exitCode = await main(process.argv[2], process.argv.slice(3));
