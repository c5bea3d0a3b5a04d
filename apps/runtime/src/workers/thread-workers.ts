import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import { runFailure, type ToWorker, type WorkerPool, type WorkerSet, type WorkerStart, workerFailure } from "@millrace/engine";
import { fromWorker, isReady } from "./thread-messages.ts";

/** Large enough that messages and calls of each group cost next to nothing, small enough to be shared out evenly. */
const taskBytes = 1 << 24;

/** Workers as threads of this process, with a channel between any two of them. */
export function createThreadWorkers(): WorkerPool {
  return {
    taskBytes,
    async start(starts, listener): Promise<WorkerSet> {
      let isClosed = false;
      const threads = starts.map(() => new Worker(new URL("./worker-thread.ts", import.meta.url)));
      threads.forEach((thread, worker) => {
        const lost = (reason: string): void => {
          if (!isClosed)
            listener.failed(
              worker,
              workerFailure(runFailure("WORKER_LOST", { worker: worker + 1, reason }, { node: null, retryable: true })),
            );
        };
        thread.on("error", (cause) => lost(cause instanceof Error ? cause.message : String(cause)));
        thread.on("exit", (code) => lost(`its thread ended with code ${code}`));
      });
      const ready = threads.map(
        (thread, worker) =>
          new Promise<void>((resolve) => {
            thread.on("message", (said: unknown) => {
              if (isReady(said)) resolve();
              else for (const message of fromWorker(said)) listener.message(worker, message);
            });
            // It is told as lost, which ends the run.
            thread.once("exit", () => resolve());
          }),
      );
      const ports = connect(threads.length);
      threads.forEach((thread, worker) => {
        thread.postMessage({ start: starts[worker], ports: ports[worker] }, [...ports[worker].values()]);
      });
      await Promise.all(ready);
      return {
        send: (worker: number, message: ToWorker, transfer: readonly ArrayBuffer[]) => threads[worker].postMessage(message, [...transfer]),
        async close() {
          isClosed = true;
          await Promise.all(threads.map((thread) => thread.terminate()));
        },
      };
    },
  };
}

/** What a thread gets first. */
export interface ThreadStart {
  readonly start: WorkerStart;
  /** By the other worker's number. */
  readonly ports: ReadonlyMap<number, MessagePort>;
}

function connect(count: number): readonly ReadonlyMap<number, MessagePort>[] {
  const ports = Array.from({ length: count }, () => new Map<number, MessagePort>());
  for (let one = 0; one < count; one++) {
    for (let other = one + 1; other < count; other++) {
      const { port1, port2 } = new MessageChannel();
      ports[one].set(other, port1);
      ports[other].set(one, port2);
    }
  }
  return ports;
}
