import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { runVector, type Vector } from "./suite.ts";
import { suites } from "./suites.ts";

/**
 * `node test/vectors/main.ts <folder> [file …]`: runs vectors taken from other stream engines on the operators of this
 * one, and says for each file how many passed, failed, and differ on purpose. Fails when one fails, or when none ran.
 */
function main(folder: string | undefined, only: readonly string[]): number {
  if (folder === undefined) {
    process.stderr.write("usage: node test/vectors/main.ts <folder with vectors> [file …]\n");
    return 2;
  }
  const files = jsonFiles(folder).filter((path) => only.length === 0 || only.includes(basename(path)));
  const known = files.filter((path) => suites.has(basename(path)));
  const failed = known.map((path) => runFile(path)).reduce((sum, count) => sum + count, 0);
  for (const path of files) if (!known.includes(path)) process.stdout.write(`${basename(path)}: no suite\n`);
  return failed > 0 || known.length === 0 ? 1 : 0;
}

function jsonFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".json"))
    .sort()
    .map((path) => join(folder, path));
}

/** Runs one file; returns how many vectors failed. */
function runFile(path: string): number {
  const suite = suites.get(basename(path));
  const vectors: unknown = JSON.parse(readFileSync(path, "utf8"));
  if (suite === undefined || !Array.isArray(vectors)) throw new Error(`${path} holds no list of vectors`);
  const different = new Map<string, string[]>();
  let passed = 0;
  let failed = 0;
  for (const vector of vectors as readonly Vector[]) {
    const outcome = runVector(suite, vector);
    if (outcome.kind === "passed") passed++;
    else if (outcome.kind === "different") different.set(outcome.rule, [...(different.get(outcome.rule) ?? []), vector.id]);
    else {
      failed++;
      process.stdout.write(`FAILED ${vector.id}\n${outcome.problem}\n`);
    }
  }
  const differentCount = [...different.values()].reduce((sum, ids) => sum + ids.length, 0);
  process.stdout.write(`${basename(path)}: ${passed} passed, ${failed} failed, ${differentCount} deliberately different\n`);
  for (const [rule, ids] of different) {
    process.stdout.write(`  ${ids.length} × ${rule}: ${suite.differences.find(({ name }) => name === rule)?.why}\n`);
  }
  return failed;
}

process.exitCode = main(process.argv[2], process.argv.slice(3));
