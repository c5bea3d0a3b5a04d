import { spawn } from "node:child_process";

/** How a program ended, and what it said on both of its streams. */
export interface RunOutcome {
  /** Null when it could not be started. */
  readonly code: number | null;
  readonly output: string;
}

/** Runs a program to its end. Never rejects. */
export function runOnce(command: string, args: readonly string[]): Promise<RunOutcome> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const hear = (piece: Buffer): void => {
      output += piece.toString();
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("error", (error) => resolve({ code: null, output: `${output}${error.message}` }));
    child.once("close", (code) => resolve({ code, output }));
  });
}
