import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";

const vectors = join(import.meta.dirname, "../../../shared/vectors");
const absent = "SKIPPED: ../shared/vectors is not beside the project";
const families = ["cep", "joins", "sql-smoke", "windows"];

function run(folder: string) {
  return spawnSync(process.execPath, [join(import.meta.dirname, "main.ts"), folder], { encoding: "utf8" });
}

it.for(families)("no case of other engines fails: %s", (family, context) => {
  if (!existsSync(vectors)) context.skip(absent);
  const { status, stdout, stderr } = run(join(vectors, family));
  expect({ status, stderr }, stdout).toEqual({ status: 0, stderr: "" });
  expect(stdout).toMatch(/all \d+: [1-9]\d* passed, 0 failed/);
});

it("at least 235 of all cases pass, and the others differ by at most 8 rules", (context) => {
  if (!existsSync(vectors)) context.skip(absent);
  const { status, stdout } = run(vectors);
  expect(status, stdout).toBe(0);
  const total = stdout.split(/^all /m)[1] ?? "";
  const [, all, passed, failed] = /^(\d+): (\d+) passed, (\d+) failed/.exec(total) ?? [];
  expect({ all, failed }).toEqual({ all: "252", failed: "0" });
  expect(Number(passed)).toBeGreaterThanOrEqual(235);
  expect(total.match(/^ {2}\d+ × /gm)?.length ?? 0).toBeLessThanOrEqual(8);
});

it("the form of a case decides how it is run, not the name of its file", (context) => {
  if (!existsSync(vectors)) context.skip(absent);
  const folder = mkdtempSync(join(tmpdir(), "vectors-"));
  for (const name of ["windows/kafka_windows.json", "joins/flink_interval_join.json", "cep/GreedyITCase.json"]) {
    copyFileSync(join(vectors, name), join(folder, `${name.length}.json`));
  }
  const { status, stdout } = run(folder);
  expect({ status, passed: /all (\d+): (\d+) passed/.exec(stdout)?.slice(1) }, stdout).toEqual({ status: 0, passed: ["26", "26"] });
});
