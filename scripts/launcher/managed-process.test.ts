import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type DataFolder, openDataFolder } from "./data-folder.ts";
import { readLogEnd, startProcess } from "./managed-process.ts";
import { findRunning } from "./pid-file.ts";
import { processIdentity } from "./process-identity.ts";

let folder: DataFolder;
beforeEach(async () => {
  folder = await openDataFolder(await mkdtemp(join(tmpdir(), "millrace-process-")));
});
afterEach(() => rm(folder.path, { recursive: true, force: true }));

function start(script: string, stopTimeoutMs: number) {
  return startProcess(folder, { name: "sample", command: process.execPath, args: ["-e", script], env: process.env, stopTimeoutMs });
}

async function waitForLog(path: string, text: string): Promise<void> {
  await vi.waitFor(async () => expect(await readLogEnd(path)).toContain(text), 5000);
}

describe("a started process", () => {
  it("is found while it runs, writes to its log, and ends when asked to", async () => {
    const started = await start(
      "process.on('SIGTERM', () => { console.log('bye'); process.exit(); }); setInterval(() => 1, 1000); console.log('up')",
      5000,
    );
    await waitForLog(started.logPath, "up");
    expect(await findRunning(folder)).toMatchObject([{ name: "sample", pid: started.pid }]);
    await started.stop();
    expect(await readLogEnd(started.logPath)).toContain("bye");
    expect(await readdir(folder.run)).toEqual([]);
  });

  it("is killed with its children when it does not end in time", async () => {
    const child = "setInterval(() => 1, 1000)";
    const stubborn = `process.on('SIGTERM', () => 1); setInterval(() => 1, 1000);
      const { pid } = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}]); console.log('child=' + pid + ';')`;
    const started = await start(stubborn, 100);
    await waitForLog(started.logPath, ";");
    const childPid = Number(/child=(\d+)/.exec(await readLogEnd(started.logPath))?.[1]);
    await started.stop();
    expect(started.hasEnded()).toBe(true);
    await vi.waitFor(async () => expect(await processIdentity(childPid)).toBeNull(), 5000);
  });

  it("that cannot be started is an error that says why", async () => {
    const spec = { name: "sample", command: join(folder.path, "no-such-program"), args: [], env: process.env, stopTimeoutMs: 100 };
    await expect(startProcess(folder, spec)).rejects.toThrow("ENOENT");
  });
});
