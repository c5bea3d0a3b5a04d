import { expect, it, vi } from "vitest";
import { LiveConnection, type OpenStream } from "./live-connection.ts";
import type { LiveEvent } from "./live-event.ts";
import { liveStoreOf } from "./live-store.ts";
import type { LiveTopics } from "./topics.ts";

function recordingStream() {
  const opened: LiveTopics[] = [];
  const handlers: Parameters<OpenStream>[1][] = [];
  const close = vi.fn();
  const open: OpenStream = (topics, given) => {
    opened.push(topics);
    handlers.push(given);
    return close;
  };
  return { opened, handlers, close, open };
}

const settled = (): Promise<void> => new Promise((resolve) => queueMicrotask(() => resolve()));

it("merges the wishes of a page into one stream", async () => {
  const stream = recordingStream();
  const connection = new LiveConnection(stream.open);
  connection.want({ deployments: ["b", "a"] });
  connection.want({ deployments: ["a"], alerts: ["p"] });
  await settled();
  expect(stream.opened).toEqual([{ deployments: ["a", "b"], alerts: ["p"], liveTables: [], deadLetters: [], logs: [] }]);
});

it("opens anew when the sum changes, and not when the same is wished for again", async () => {
  const stream = recordingStream();
  const connection = new LiveConnection(stream.open);
  const end = connection.want({ deployments: ["a"] });
  await settled();
  end();
  connection.want({ deployments: ["a"] });
  await settled();
  expect(stream.opened).toHaveLength(1);
  connection.want({ logs: ["a"] });
  await settled();
  expect(stream.opened).toHaveLength(2);
  expect(stream.close).toHaveBeenCalledTimes(1);
});

it("closes when nobody wishes for anything", async () => {
  const stream = recordingStream();
  const connection = new LiveConnection(stream.open);
  const end = connection.want({ alerts: ["p"] });
  await settled();
  end();
  await settled();
  expect(stream.close).toHaveBeenCalledTimes(1);
  expect(connection.state).toBe("idle");
});

it("sends statuses to the stores and everything else to listeners", async () => {
  const stream = recordingStream();
  const connection = new LiveConnection(stream.open);
  const heard: LiveEvent[] = [];
  connection.onEvent((event) => heard.push(event));
  connection.want({ deployments: ["d7"], alerts: ["p"] });
  await settled();
  const status = {
    deploymentId: "d7",
    pipelineId: "p",
    version: 1,
    state: "RUNNING",
    problem: null,
    checkpoint: 0,
    restarts: 0,
    startedAtMs: 1,
    updatedAtMs: 1,
  } as const;
  stream.handlers[0]?.onEvents([
    { kind: "status", status },
    { kind: "alerts", pipelineId: "p", entries: [] },
  ]);
  expect(liveStoreOf("d7").latestStatus()).toEqual(status);
  expect(heard.map((event) => event.kind)).toEqual(["alerts"]);
});
