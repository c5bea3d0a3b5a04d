import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { pipelineProcessFlags } from "@millrace/runtime/pipeline-process-flags";

/** From a process: it is ready for another round, and what the last one took. */
export interface ApartReport {
  readonly wallMs: number;
}

/** Processes that run scenario 1 on one worker each, side by side. */
export interface Apart {
  /** All work through their next part of the log at once; ms until the last is through. */
  round(): Promise<number>;
  stop(): void;
}

/** Starts so many processes, each with a log of its own of so many records a round. They end with `stop`, and with this process. */
export async function startApart(records: number, processes: number): Promise<Apart> {
  const entry = fileURLToPath(new URL("cores-apart-main.ts", import.meta.url));
  const children: ChildProcess[] = [];
  // One after the other: each makes a log first.
  for (let i = 0; i < processes; i++) {
    const child = fork(entry, [String(records)], { execArgv: pipelineProcessFlags() });
    children.push(child);
    await nextReport(child);
  }
  return {
    async round() {
      const reports = children.map((child) => nextReport(child));
      for (const child of children) child.send("round");
      return Math.max(...(await Promise.all(reports)).map(({ wallMs }) => wallMs));
    },
    stop() {
      for (const child of children) child.disconnect();
    },
  };
}

function nextReport(child: ChildProcess): Promise<ApartReport> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`a process of the bench has ended with code ${code}`));
    child.once("exit", onExit);
    child.once("message", (report: ApartReport) => {
      child.off("exit", onExit);
      resolve(report);
    });
  });
}
