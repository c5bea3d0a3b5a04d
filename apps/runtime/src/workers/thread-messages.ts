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
export function toWorker(message: unknown): Exclude<ToWorker, { readonly kind: "start" }> {
  if (!hasKind(message)) throw new Error("a worker thread was told what is no message");
  return message as Exclude<ToWorker, { readonly kind: "start" }>;
}

/** The first message for a thread. Throws when it is another. */
export function threadStart(message: unknown): ThreadStart {
  if (typeof message !== "object" || message === null || !("start" in message)) throw new Error("a worker thread was not started");
  return message as ThreadStart;
}

function hasKind(message: unknown): boolean {
  return typeof message === "object" && message !== null && "kind" in message && typeof message.kind === "string";
}
