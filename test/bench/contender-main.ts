import { countBuffersAsHeap } from "@millrace/runtime/count-buffers-as-heap";
import { createColumnsSource } from "./columns-source.ts";
import type { ContenderReport, ContenderTask, RunOrder } from "./contender-process.ts";
import { cpuMsOfRuns } from "./measure.ts";
import { planOf } from "./plan-of.ts";
import { runPlanOverColumns, runPlanToPieces } from "./run-document.ts";
import type { Subject } from "./subject.ts";
import { subjects } from "./subjects.ts";

/** A process that works through a subject's records as often as it is told to, in one of the two ways; see `startContender`. */
// As pipeline processes have it.
countBuffersAsHeap();

const task: ContenderTask = JSON.parse(process.argv[2]);

function report(what: ContenderReport): void {
  process.send?.(what);
}

async function runOf(subject: Subject): Promise<() => Promise<unknown>> {
  return task.tier === "json" ? runOverJson(subject) : await runOverColumns(subject);
}

function runOverJson(subject: Subject): () => Promise<unknown> {
  const input = subject.input(task.records);
  if (task.side === "plain") return async () => subject.plain(input);
  const plan = planOf(subject.document);
  return () => runPlanToPieces(plan, input);
}

async function runOverColumns(subject: Subject): Promise<() => Promise<unknown>> {
  const { plainColumns } = subject;
  if (plainColumns === undefined) throw new Error(`"${subject.name}" has no plain implementation over columns`);
  const [[, bytes]] = subject.input(task.records);
  const source = createColumnsSource(bytes);
  const plan = planOf(subject.document);
  const own = async (): Promise<number> => {
    let rows = 0;
    await runPlanOverColumns(plan, source.connector, (_node, batch) => {
      rows += batch.selected;
    });
    return rows;
  };
  // Opens the source, which decodes.
  await own();
  const plain = async (): Promise<number> => {
    let rows = 0;
    plainColumns(source.input(), () => {
      rows++;
    });
    return rows;
  };
  const run = task.side === "own" ? own : plain;
  return async () => {
    const rows = await run();
    // Of rows that are not determined the number may vary as well.
    if (rows !== task.rows && subject.settled === undefined) throw new Error(`"${subject.name}" gave ${rows} rows instead of ${task.rows}`);
  };
}

async function main(): Promise<void> {
  const subject = subjects.find(({ name }) => name === task.subject);
  if (subject === undefined) throw new Error(`there is no subject "${task.subject}"`);
  const run = await runOf(subject);
  process.on("message", ({ times }: RunOrder) => {
    cpuMsOfRuns(run, times).then(
      (cpuMs) => report({ cpuMs }),
      (failure: unknown) => report({ failure: String(failure) }),
    );
  });
  report({ ready: true });
}

// The channel to the bench keeps the process alive; it ends when that is closed.
main().catch((failure: unknown) => report({ failure: String(failure) }));
