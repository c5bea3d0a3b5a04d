import { MessageChannel } from "node:worker_threads";
import { expect, it } from "vitest";
import { withRowsOf } from "./thread-messages.ts";

const entry = (seq: number) => ({ kind: "entry", entry: { seq, kind: "time", nowMs: 0 } }) as const;

it("gives what others have sent while a message of the coordinator was dealt with, of each in order, before the next", () => {
  const [one, two] = [new MessageChannel(), new MessageChannel()];
  one.port1.postMessage(entry(1));
  const messages = withRowsOf([one.port2, two.port2], entry(0));
  expect(messages.next().value).toEqual(entry(0));
  two.port1.postMessage(entry(3));
  one.port1.postMessage(entry(2));
  expect([...messages]).toEqual([entry(1), entry(2), entry(3)]);
  one.port1.close();
  two.port1.close();
});

it("refuses what is no message", () => {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage("nothing");
  expect(() => [...withRowsOf([port2], entry(0))]).toThrow("no message");
  port1.close();
});
