import { type ChildProcess, fork } from "node:child_process";
import { pipelineProcessFlags } from "../pipeline-process-flags.ts";

const processFile = new URL("../pipeline-process/main.ts", import.meta.url);

/**
 * Starts a pipeline process, which loads its program and waits for its `start` message. What Node compiles for it is kept in
 * `cacheFolder` for the next one, unless the environment names a place for that.
 */
export function forkPipelineProcess(cacheFolder: string): ChildProcess {
  return fork(processFile, [String(process.pid)], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { NODE_COMPILE_CACHE: cacheFolder, ...process.env },
    execArgv: pipelineProcessFlags(),
  });
}
