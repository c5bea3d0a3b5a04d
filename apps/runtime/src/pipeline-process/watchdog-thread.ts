import { workerData } from "node:worker_threads";
import { z } from "zod";

const lookEveryMs = 500;
const { parentPid } = z.object({ parentPid: z.int().positive() }).parse(workerData);

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
