import { expect, it } from "vitest";
import type { LiveEvent } from "../../live/live-event.ts";
import { EventBuffer } from "./event-buffer.ts";

const alert = (n: number): LiveEvent => ({ kind: "alerts", pipelineId: String(n), entries: [] });
// Only the deployment and the time matter here.
const frame = (deploymentId: string, atMs: number): LiveEvent => ({ kind: "frame", frame: { deploymentId, atMs } }) as LiveEvent;
const never = new AbortController().signal;

it("gives a slow reader the newest frame of each deployment only", async () => {
  const buffer = new EventBuffer();
  buffer.push(frame("a", 1));
  buffer.push(alert(1));
  buffer.push(frame("b", 1));
  buffer.push(frame("a", 2));
  expect(await buffer.take(never)).toEqual([alert(1), frame("b", 1), frame("a", 2)]);
});

it("wakes a waiting reader", async () => {
  const buffer = new EventBuffer();
  const taken = buffer.take(never);
  buffer.push(alert(1));
  expect(await taken).toEqual([alert(1)]);
});

it("lets a reader go when its stream ends", async () => {
  const controller = new AbortController();
  const taken = new EventBuffer().take(controller.signal);
  controller.abort();
  expect(await taken).toEqual([]);
});

it("never holds more than it has room for", async () => {
  const buffer = new EventBuffer();
  for (let n = 0; n < 2000; n++) buffer.push(alert(n));
  const events = await buffer.take(never);
  expect(events).toHaveLength(500);
  expect(events.at(-1)).toEqual(alert(1999));
});
