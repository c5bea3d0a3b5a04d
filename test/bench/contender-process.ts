import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { pipelineProcessFlags } from "@millrace/runtime/pipeline-process-flags";
import type { Contender } from "./measure.ts";
import type { Tier } from "./subject.ts";

/** The pipeline, or the same as plain callbacks. */
export type Side = "own" | "plain";

/** What a process is to work through, as its argument in JSON. */
export interface ContenderTask {
  readonly subject: string;
  readonly tier: Tier;
  readonly records: number;
  readonly side: Side;
  /** How many rows have to come out. */
  readonly rows: number;
}

/** To the process: run so many times. */
export interface RunOrder {
  readonly times: number;
}

/** From it: it is ready for orders, what one took, or why it cannot. */
export type ContenderReport = { readonly ready: true } | { readonly cpuMs: number } | { readonly failure: string };

const names: Readonly<Record<Side, string>> = { own: "Millrace", plain: "plain callbacks" };

/**
 * A contender in a process of its own, as a deployed pipeline has one: neither what the other one leaves behind in memory nor
 * what its calls have taught the compiler weighs on it. It ends with `stop`, and with this process.
 */
export async function startContender(task: ContenderTask): Promise<Contender & { readonly stop: () => void }> {
  const child = fork(fileURLToPath(new URL("contender-main.ts", import.meta.url)), [JSON.stringify(task)], {
    execArgv: pipelineProcessFlags(),
  });
  await nextReport(child);
  return {
    name: names[task.side],
    records: task.records,
    async cpuMs(times) {
      const order: RunOrder = { times };
      child.send(order);
      const report = await nextReport(child);
      if (!("cpuMs" in report)) throw new Error("a contender has answered an order with something else than its CPU time");
      return report.cpuMs;
    },
    stop: () => child.disconnect(),
  };
}

function nextReport(child: ChildProcess): Promise<ContenderReport> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`a contender has ended with code ${code}`));
    child.once("exit", onExit);
    child.once("message", (report: ContenderReport) => {
      child.off("exit", onExit);
      if ("failure" in report) reject(new Error(report.failure));
      else resolve(report);
    });
  });
}
