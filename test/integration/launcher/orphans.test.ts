import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { processIdentity } from "@millrace/scripts/process-identity";
import { startServices } from "@millrace/scripts/start-services";
import { Redis } from "ioredis";
import { afterEach, beforeEach, expect, it } from "vitest";

const starter = new URL("start-and-wait.ts", import.meta.url).pathname;
let dataDir = "";
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "millrace-orphans-"));
});
afterEach(() => rm(dataDir, { recursive: true, force: true, maxRetries: 10 }));

/** Starts the services in another process and kills that, so that nobody is left to stop them. */
async function leaveOrphans(): Promise<readonly number[]> {
  const launcher = spawn(process.execPath, [starter, dataDir], { stdio: ["ignore", "pipe", "inherit"] });
  await once(launcher.stdout, "data");
  launcher.kill("SIGKILL");
  await once(launcher, "exit");
  const files = await readdir(join(dataDir, "run"));
  return Promise.all(files.map(async (file) => Number(JSON.parse(await readFile(join(dataDir, "run", file), "utf8")).pid)));
}

async function running(pids: readonly number[]): Promise<number> {
  const identities = await Promise.all(pids.map(processIdentity));
  return identities.filter((identity) => identity !== null).length;
}

it("a killed launcher's services are ended by the next start, which finds their data", async () => {
  const first = await startServices({ dataDir });
  const before = new Redis(first.redisUrl);
  await before.set("kept", "yes");
  await before.quit();
  await first.stop();

  const orphans = await leaveOrphans();
  expect(await running(orphans)).toBe(2);

  const next = await startServices({ dataDir });
  try {
    expect(await running(orphans)).toBe(0);
    const after = new Redis(next.redisUrl);
    expect(await after.get("kept")).toBe("yes");
    await after.quit();
  } finally {
    await next.stop();
  }
});

it("a process that was given the id of an ended one is left alone", async () => {
  const bystander = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60000)"], { stdio: "ignore" });
  try {
    const first = await startServices({ dataDir });
    await first.stop();
    const record = { name: "web", pid: bystander.pid, identity: "of another process", stopSignal: "SIGTERM" };
    await writeFile(join(dataDir, "run", "web.json"), JSON.stringify(record));
    await writeFile(join(dataDir, "postgres", "files", "data", "postmaster.pid"), `${bystander.pid}\n`);
    const next = await startServices({ dataDir });
    await next.stop();
    expect(bystander.exitCode).toBeNull();
    expect(bystander.signalCode).toBeNull();
  } finally {
    bystander.kill("SIGKILL");
  }
});

it("two launchers never share a data folder", async () => {
  const first = await startServices({ dataDir });
  try {
    await expect(startServices({ dataDir })).rejects.toThrow("is running with the data folder");
  } finally {
    await first.stop();
  }
});
