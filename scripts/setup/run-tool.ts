import { type ChildProcess, spawn } from "node:child_process";
import { delimiter, join } from "node:path";
import { repositoryRoot } from "../bootstrap/repository.mjs";

export interface ToolOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Ends the tool when aborted. */
  readonly signal?: AbortSignal;
  /** Gets the output as it comes. */
  readonly onOutput?: (text: string) => void;
}

export interface ToolResult {
  readonly exitCode: number;
  /** Standard output and error, interleaved. */
  readonly output: string;
}

/** How long a tool that was told to end may take before it is killed. */
const killAfterMs = 10_000;

/** What every tool gets: our Node first on the PATH, no telemetry, no colours in captured output. */
export function toolEnvironment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PATH: [join(repositoryRoot, "node_modules", ".bin"), process.env.PATH ?? ""].join(delimiter),
    NEXT_TELEMETRY_DISABLED: "1",
    TURBO_TELEMETRY_DISABLED: "1",
    TURBO_NO_UPDATE_NOTIFIER: "1",
    CHECKPOINT_DISABLE: "1",
    NO_COLOR: "1",
  };
}

/** Runs a JavaScript or TypeScript file under this Node, to its end. Never rejects for what the tool says. */
export function runNodeTool(file: string, args: readonly string[], options: ToolOptions = {}): Promise<ToolResult> {
  const child = spawn(process.execPath, [file, ...args], {
    cwd: options.cwd ?? repositoryRoot,
    env: { ...toolEnvironment(), ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own: what the tool started ends with it.
    detached: process.platform !== "win32",
    windowsHide: true,
  });
  return collect(child, options);
}

/** Path of a file of an installed package. */
export function installedFile(path: string): string {
  return join(repositoryRoot, "node_modules", path);
}

function collect(child: ChildProcess, options: ToolOptions): Promise<ToolResult> {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      options.onOutput?.(text);
    });
  }
  const end = () => {
    endGroup(child, "SIGTERM");
    setTimeout(() => endGroup(child, "SIGKILL"), killAfterMs).unref();
  };
  options.signal?.addEventListener("abort", end);
  process.once("exit", end);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      options.signal?.removeEventListener("abort", end);
      process.off("exit", end);
      resolve({ exitCode: code ?? 1, output });
    });
  });
}

function endGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(process.platform === "win32" ? child.pid : -child.pid, signal);
  } catch {
    // It ended in the meantime.
  }
}
