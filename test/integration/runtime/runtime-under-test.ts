import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { waitFor } from "./wait-for.ts";

const entry = fileURLToPath(new URL("../../../apps/runtime/src/main.ts", import.meta.url));

/** What Node has compiled is the same for all of them, and takes more time than all else at their start. */
const compileCache = fileURLToPath(new URL("../../../node_modules/.cache/compile", import.meta.url));

/** Loading a program takes long where everybody does it at once. */
const startWithinMs = 120_000;

/** A line of the runtime's log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** A runtime that runs as a process of its own. */
export interface RuntimeUnderTest {
  readonly pid: number;
  readonly log: readonly LogLine[];
  /** Process ids of the pipeline processes that it started, in order. */
  readonly pipelinePids: readonly number[];
  readonly url: string;
  kill(signal: NodeJS.Signals): void;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

/** Starts a runtime and waits until it is ready. */
export async function startRuntime(options: {
  readonly redisUrl: string;
  readonly dataPath: string;
  readonly env?: Readonly<Record<string, string>>;
}): Promise<RuntimeUnderTest> {
  const env = {
    ...process.env,
    REDIS_URL: options.redisUrl,
    MILLRACE_DATA: options.dataPath,
    MILLRACE_RUNTIME_PORT: "0",
    MILLRACE_EGRESS_ALLOW: "",
    NODE_COMPILE_CACHE: compileCache,
    ...options.env,
  };
  const child = spawn(process.execPath, [entry], { env, stdio: ["ignore", "pipe", "inherit"] });
  const log: LogLine[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => log.push(parseLine(line)));
  const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  const port = await waitFor(
    "the runtime to listen",
    async () => {
      if (child.exitCode !== null) throw new Error(`the runtime ended with code ${child.exitCode}: ${JSON.stringify(log.at(-1))}`);
      return log.find((line) => line.msg === "runtime started")?.port;
    },
    startWithinMs,
  );
  const url = `http://127.0.0.1:${port}`;
  await waitFor("the runtime to be ready", async () => (await fetch(`${url}/readyz`)).ok, startWithinMs);
  return {
    pid: pidOf(child),
    log,
    url,
    get pipelinePids() {
      return log.flatMap((line) => (typeof line.childPid === "number" ? [line.childPid] : []));
    },
    kill: (signal) => void child.kill(signal),
    stop() {
      child.kill("SIGTERM");
      return ended;
    },
  };
}

/** Whether a process runs; one that has ended and was not collected yet does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== "linux" || !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}

function parseLine(line: string): LogLine {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return { msg: line };
  }
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error("the runtime has no process id");
  return child.pid;
}
