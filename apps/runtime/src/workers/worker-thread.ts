import { type MessagePort, parentPort, receiveMessageOnPort } from "node:worker_threads";
import { PipelineWorker, workerFailure } from "@millrace/engine";
import { systemClock } from "../system-clock.ts";
import { ready, threadStart, toWorker } from "./thread-messages.ts";

type Message = ReturnType<typeof toWorker>;

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
    parent.on("message", (message: unknown) => worker.receive(withRowsOf(ports, toWorker(message))));
    parent.postMessage(ready);
  } catch (cause) {
    parent.postMessage(ready);
    parent.postMessage([{ kind: "failed", failure: workerFailure(cause) }]);
  }
});

/**
 * A message of the coordinator, and what other threads have sent while it was dealt with. By itself the loop of this thread
 * would do all tasks that wait before it looks at another channel, and others would wait for what it has not followed.
 */
function* withRowsOf(ports: ReadonlyMap<number, MessagePort>, message: Message): Generator<Message> {
  yield message;
  for (const port of ports.values()) {
    for (let sent = receiveMessageOnPort(port); sent !== undefined; sent = receiveMessageOnPort(port)) yield toWorker(sent.message);
  }
}
