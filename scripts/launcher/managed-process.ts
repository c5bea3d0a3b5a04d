import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, renameSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { type DataFolder, logPath } from "./data-folder.ts";
import { LauncherError } from "./launcher-error.ts";
import { type RecordedProcess, removePidFile, writePidFile } from "./pid-file.ts";
import { processIdentity } from "./process-identity.ts";
import { stopProcess } from "./stop-process.ts";

/** What to run, and how it is ended. */
export interface ProcessSpec {
  /** Names the pid file and the log. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** The whole environment. */
  readonly env: NodeJS.ProcessEnv;
  /** Runs as another user; only root can ask for that. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** SIGTERM unless told. */
  readonly stopSignal?: NodeJS.Signals;
  /** How long it may take to end before it is killed, in ms. */
  readonly stopTimeoutMs: number;
}

/** A process that this one started. */
export interface ManagedProcess {
  readonly name: string;
  readonly pid: number;
  readonly logPath: string;
  /** Resolves when it has ended, to its exit code or the signal that ended it. */
  readonly ended: Promise<string>;
  hasEnded(): boolean;
  /** Ends it; resolves when it is gone. */
  stop(): Promise<void>;
}

const largestLogBytes = 10 << 20;

/**
 * Starts a process in a group of its own, so that Ctrl-C in the terminal reaches only the launcher, which stops its
 * children in order. Output goes straight to the log file: a launcher that is killed leaves no broken pipes.
 */
export async function startProcess(folder: DataFolder, spec: ProcessSpec): Promise<ManagedProcess> {
  const log = logPath(folder, spec.name);
  rotateLog(log);
  const output = openSync(log, "a");
  const child = spawn(spec.command, spec.args, {
    cwd: spec.cwd ?? folder.path,
    env: spec.env,
    detached: true,
    windowsHide: true,
    stdio: ["ignore", output, output],
    ...spec.user,
  });
  closeSync(output);
  const ended = watchEnd(child);
  const { pid } = child;
  if (pid === undefined) {
    throw new LauncherError(`${spec.name} could not be started: ${await ended}`, `Check that ${spec.command} can be run.`);
  }
  const record: RecordedProcess = {
    name: spec.name,
    pid,
    identity: (await processIdentity(pid)) ?? "ended",
    stopSignal: spec.stopSignal ?? "SIGTERM",
  };
  await writePidFile(folder, record);
  let over = false;
  void ended.then(() => {
    over = true;
  });
  return {
    name: spec.name,
    pid,
    logPath: log,
    ended,
    hasEnded: () => over,
    async stop() {
      await stopProcess(record, spec.stopTimeoutMs);
      await ended;
      await removePidFile(folder, spec.name);
    },
  };
}

/** The last lines of a log, for a message about a process that failed. */
export async function readLogEnd(path: string, lines = 20): Promise<string> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - 16384);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    return buffer.toString("utf8", 0, bytesRead).trimEnd().split("\n").slice(-lines).join("\n");
  } finally {
    await file.close();
  }
}

function watchEnd(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
}

function rotateLog(path: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > largestLogBytes) renameSync(path, `${path}.1`);
}
