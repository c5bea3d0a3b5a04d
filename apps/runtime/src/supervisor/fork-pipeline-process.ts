import { type ChildProcess, fork } from "node:child_process";

const processFile = new URL("../pipeline-process/main.ts", import.meta.url);

/**
 * Starts a pipeline process, which loads its program and waits for its `start` message. What Node compiles for it is kept in
 * `cacheFolder` for the next one, unless the environment names a place for that.
 */
export function forkPipelineProcess(cacheFolder: string): ChildProcess {
  return fork(processFile, [String(process.pid)], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { NODE_COMPILE_CACHE: cacheFolder, ...process.env },
    // The second one is kafkajs's: a timer that is due already.
    execArgv: ["--disable-warning=ExperimentalWarning", "--disable-warning=TimeoutNegativeWarning"],
  });
}
