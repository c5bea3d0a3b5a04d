import { Worker } from "node:worker_threads";

/**
 * Ends this process when the process `parentPid` is gone: at once when the channel to it closes, and within
 * about half a second from a thread of its own, which a busy main thread cannot hold up.
 */
export function startWatchdog(parentPid: number): void {
  process.once("disconnect", () => process.exit(1));
  new Worker(new URL("./watchdog-thread.ts", import.meta.url), { workerData: parentPid }).unref();
}
