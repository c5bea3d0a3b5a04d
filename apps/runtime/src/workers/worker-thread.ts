import { parentPort } from "node:worker_threads";
import { PipelineWorker, workerFailure } from "@millrace/engine";
import { systemClock } from "../system-clock.ts";
import { ready, threadStart, toWorker, withRowsOf } from "./thread-messages.ts";

/** Entry point of a worker thread: one `PipelineWorker`, between the coordinator and the other threads. */
const parent = parentPort;
if (parent === null) throw new Error("this file is the entry of a worker thread");

parent.once("message", (first: unknown) => {
  const { start, ports } = threadStart(first);
  try {
    const worker = new PipelineWorker(start, {
      clock: systemClock,
      tell: (messages, transfer) => parent.postMessage(messages, [...transfer]),
      send: (other, message, transfer) => ports.get(other)?.postMessage(message, [...transfer]),
    });
    for (const port of ports.values()) port.on("message", (message: unknown) => worker.receive([toWorker(message)]));
    parent.on("message", (message: unknown) => worker.receive(withRowsOf(ports.values(), toWorker(message))));
    parent.postMessage(ready);
  } catch (cause) {
    parent.postMessage(ready);
    parent.postMessage([{ kind: "failed", failure: workerFailure(cause) }]);
  }
});
