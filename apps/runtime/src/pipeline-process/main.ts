import { flushCompileCache } from "node:module";
import { countBuffersAsHeap } from "../count-buffers-as-heap.ts";
import { PipelineProcess } from "./pipeline-process.ts";
import { type ProcessMessage, supervisorMessage } from "./process-messages.ts";
import { startWatchdog } from "./watchdog.ts";

/** Entry point of a pipeline process; the supervisor forks it with its own process id as the argument. */
let running: PipelineProcess | null = null;

countBuffersAsHeap();
startWatchdog(Number(process.argv[2]));
// An interrupt in a terminal reaches the whole group; the supervisor decides what becomes of its pipelines.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => running?.stop({ drain: false }));
process.on("uncaughtException", crash);
process.on("unhandledRejection", crash);
process.on("message", (raw: unknown) => {
  const message = supervisorMessage.parse(raw);
  if (message.kind === "stop") running?.stop(message);
  else if (message.kind === "checkpoint") running?.checkpoint();
  else if (message.kind === "savepoint") running?.savepoint(message.name);
  else if (message.kind === "rehearse") running?.rehearse(message.failure);
  else if (running === null) {
    running = new PipelineProcess(message, tell);
    running.run().then(tellAndExit, crash);
  }
});

// A process that is killed would not leave what it has compiled to the next.
flushCompileCache();

function tell(message: ProcessMessage): void {
  if (process.connected) process.send?.(message);
}

function tellAndExit(message: ProcessMessage): void {
  if (!process.connected || process.send === undefined) process.exit(1);
  process.send(message, () => process.exit(0));
}

function crash(cause: unknown): void {
  running?.logger.fatal({ err: cause }, "the pipeline process crashed");
  tellAndExit({
    kind: "failed",
    code: "PIPELINE_CRASHED",
    message: cause instanceof Error ? cause.message : String(cause),
    node: null,
    retryable: true,
    fenced: false,
  });
}
