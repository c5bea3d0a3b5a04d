import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { compareRows } from "../cases/compare-rows.ts";
import { logPipeline } from "./log-pipeline.ts";
import { partRows, rowsOf } from "./part-rows.ts";
import { sharedDataFolder, sharedDataMissing } from "./shared-data.ts";

const program = join(import.meta.dirname, "../../apps/runtime/bin/millrace.mjs");
const log = join(sharedDataFolder, "logs/events.ndjson");
const windows = [
  { window: { type: "tumbling-window", params: { size: "5m" } }, expected: "tumbling-5m.expected.ndjson" },
  { window: { type: "hopping-window", params: { size: "5m", slide: "1m" } }, expected: "hopping-5m-1m.expected.ndjson" },
] as const;

let folder: string;
beforeEach((context) => {
  if (sharedDataMissing !== null) context.skip(sharedDataMissing);
  folder = mkdtempSync(join(tmpdir(), "millrace-logs-"));
});
afterEach(() => {
  if (sharedDataMissing === null) rmSync(folder, { recursive: true, force: true });
});

function start(args: readonly string[]) {
  const child = spawn(process.execPath, [program, "run", ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<number | null>((done) => child.once("exit", (code) => done(code)));
  return { child, ended };
}

function writePipeline(window: (typeof windows)[number]["window"], speed: number | null): string {
  const file = join(folder, "pipeline.json");
  writeFileSync(file, logPipeline({ id: "real_log", window, log, counts: join(folder, "counts"), alerts: join(folder, "alerts"), speed }));
  return file;
}

function expectRows(expected: string): void {
  expect(compareRows(partRows(join(folder, "counts")), rowsOf(join(sharedDataFolder, "logs", expected)))).toEqual({
    missing: [],
    extra: [],
  });
}

describe("the OpenSSH log of logpai/loghub", () => {
  it.each(windows)("gives $expected to the row by `millrace run`", async ({ window, expected }) => {
    expect(await start([writePipeline(window, null)]).ended).toBe(0);
    expectRows(expected);
  });

  it("raises exactly 4 alerts for more than 100 errors in a tumbling window", async () => {
    expect(await start([writePipeline(windows[0].window, null)]).ended).toBe(0);
    const alerts = partRows(join(folder, "alerts"));
    expect(alerts.map(({ transition, errors }) => [transition, Number(errors) > 100])).toEqual(
      Array.from({ length: 4 }, () => ["raised", true]),
    );
  });

  it.each(windows)("gives $expected to the row, none twice, after kill -9 in the middle", async ({ window, expected }) => {
    const args = [writePipeline(window, 5000), "--checkpoints", join(folder, "checkpoints")];
    const first = start(args);
    const parts = () =>
      readdirSync(folder).includes("counts") && readdirSync(join(folder, "counts")).some((name) => name.startsWith("part-"));
    for (let waited = 0; !parts() && waited < 20_000; waited += 50) await sleep(50);
    first.child.kill("SIGKILL");
    expect(await first.ended).toBeNull();
    const before = partRows(join(folder, "counts")).length;
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(rowsOf(join(sharedDataFolder, "logs", expected)).length);
    expect(await start(args).ended).toBe(0);
    expectRows(expected);
  });
});
