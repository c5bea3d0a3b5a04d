import { workerData } from "node:worker_threads";

const lookEveryMs = 500;
// Checked by hand: loading a library for it would take longer than all else here.
const parentPid = Number(workerData);
if (!Number.isInteger(parentPid) || parentPid <= 0) throw new Error(`the watchdog was given no process id: ${String(workerData)}`);

setInterval(() => {
  if (process.ppid !== parentPid || !isAlive(parentPid)) process.kill(process.pid, "SIGKILL");
}, lookEveryMs);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
