import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { compareRows } from "../cases/compare-rows.ts";
import { fraudPipeline } from "./fraud-pipeline.ts";
import { partRows, rowsOf } from "./part-rows.ts";
import { sessionPipeline } from "./session-pipeline.ts";
import { sharedDataFolder, sharedDataMissing } from "./shared-data.ts";

const program = join(import.meta.dirname, "../../apps/runtime/bin/millrace.mjs");

let folder: string;
beforeEach((context) => {
  if (sharedDataMissing !== null) context.skip(sharedDataMissing);
  folder = mkdtempSync(join(tmpdir(), "millrace-scenarios-"));
});
afterEach(() => {
  if (sharedDataMissing === null) rmSync(folder, { recursive: true, force: true });
});

/** Runs a pipeline by `millrace run`, which must succeed, and compares what it wrote into `out`. */
function expectRows(pipeline: string, expected: string): void {
  writeFileSync(join(folder, "pipeline.json"), pipeline);
  execFileSync(process.execPath, [program, "run", join(folder, "pipeline.json")], { stdio: "ignore" });
  const { missing, extra } = compareRows(partRows(join(folder, "out")), rowsOf(join(sharedDataFolder, expected)));
  expect({ missing: missing.slice(0, 5), extra: extra.slice(0, 5), off: missing.length + extra.length }).toEqual({
    missing: [],
    extra: [],
    off: 0,
  });
}

test("payments of the Fraud-Detection-Handbook are scored once, each with the profile of its moment", () => {
  const data = join(sharedDataFolder, "fraud");
  const files = { transactions: join(data, "transactions.ndjson"), profiles: join(data, "profiles.ndjson"), scored: join(folder, "out") };
  expectRows(fraudPipeline(files), "fraud/scored.expected.ndjson");
});

test("a web access log of elastic/examples falls into its sessions", () => {
  const files = { events: join(sharedDataFolder, "clickstream/events.ndjson"), sessions: join(folder, "out") };
  expectRows(sessionPipeline(files), "clickstream/sessions.expected.ndjson");
});
