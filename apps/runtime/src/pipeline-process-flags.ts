import { availableParallelism } from "node:os";

/** Up to so many cores V8's threads take their time from the pipeline, or from the servers beside it. */
const fewCores = 2;

/**
 * What Node is told for a process that runs a pipeline. On few cores garbage is collected by the pipeline's own thread: the
 * threads that do it beside that take a twelfth more CPU time in all, and with a broker on the same machine most of it is
 * time that nobody has to spare. State and records are in buffers, so that the heap which is marked stays small.
 */
export function pipelineProcessFlags(cores = availableParallelism()): string[] {
  return [
    "--disable-warning=ExperimentalWarning",
    // Of kafkajs: a timer that is due already.
    "--disable-warning=TimeoutNegativeWarning",
    ...(cores <= fewCores ? ["--single-threaded-gc"] : []),
  ];
}
