import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const watchdog = new URL("./watchdog.ts", import.meta.url).href;

/** A parent that forks a child with a watchdog; the child then keeps its main thread busy for ever. */
const busyChild = `import(${JSON.stringify(watchdog)}).then(({ startWatchdog }) => {
  startWatchdog(Number(process.argv[1]));
  setTimeout(() => { process.send("busy"); setTimeout(() => { for (;;); }, 20); }, 300);
});`;
const parent = `
const { spawn } = require("node:child_process");
const child = spawn(process.execPath, ["-e", ${JSON.stringify(busyChild)}, String(process.pid)], { stdio: ["ignore", "ignore", "ignore", "ipc"] });
child.on("message", () => console.log(child.pid));`;

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // Ended, but not yet collected by the machine's first process.
    return process.platform !== "linux" || !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}

test("a process whose main thread is busy does not outlive its killed parent by more than two seconds", async () => {
  const supervisor = spawn(process.execPath, ["-e", parent], { stdio: ["ignore", "pipe", "inherit"] });
  const pid = await new Promise<number>((resolve) => supervisor.stdout.once("data", (text: Buffer) => resolve(Number(text.toString()))));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(isRunning(pid)).toBe(true);
  supervisor.kill("SIGKILL");
  const since = performance.now();
  while (isRunning(pid) && performance.now() - since < 5000) await new Promise((resolve) => setTimeout(resolve, 20));
  const outlivedMs = performance.now() - since;
  if (isRunning(pid)) process.kill(pid, "SIGKILL");
  expect(outlivedMs).toBeLessThan(2000);
}, 15_000);
