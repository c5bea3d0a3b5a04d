import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { FromWorker, ToWorker } from "@millrace/engine";
import type { ThreadStart } from "./thread-workers.ts";

/*
 * Threads of one process run one version of the code, and their messages are columns of up to thousands of rows: they are
 * looked at, not checked in full.
 */

/** Messages of a thread that came together. Throws when they are none. */
export function fromWorker(messages: unknown): readonly FromWorker[] {
  if (!Array.isArray(messages) || !messages.every(hasKind)) throw new Error("a worker thread said what is no message");
  return messages as readonly FromWorker[];
}

/** What a thread says first: its code is loaded. */
export const ready = { kind: "ready" } as const;

export function isReady(message: unknown): boolean {
  return typeof message === "object" && message !== null && "kind" in message && message.kind === ready.kind;
}

/** A message for a thread. Throws when it is none. */
export function toWorker(message: unknown): AfterStart {
  if (!hasKind(message)) throw new Error("a worker thread was told what is no message");
  return message as AfterStart;
}

type AfterStart = Exclude<ToWorker, { readonly kind: "start" }>;

/**
 * A message of the coordinator, and what other threads have sent by the time that it is dealt with. By itself the loop of a
 * thread would do all tasks that wait before it looks at another channel, and others would wait for what it has not followed.
 */
export function* withRowsOf(others: Iterable<MessagePort>, message: AfterStart): Generator<AfterStart> {
  yield message;
  for (const port of others) {
    for (let sent = receiveMessageOnPort(port); sent !== undefined; sent = receiveMessageOnPort(port)) yield toWorker(sent.message);
  }
}

/** The first message for a thread. Throws when it is another. */
export function threadStart(message: unknown): ThreadStart {
  if (typeof message !== "object" || message === null || !("start" in message)) throw new Error("a worker thread was not started");
  return message as ThreadStart;
}

function hasKind(message: unknown): boolean {
  return typeof message === "object" && message !== null && "kind" in message && typeof message.kind === "string";
}
