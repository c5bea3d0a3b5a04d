import { metricsFrame, redisKeys } from "@millrace/protocol";
import type { Redis } from "ioredis";
import type { LiveEvent } from "../../live/live-event.ts";
import type { LiveTopics } from "../../live/topics.ts";
import { parseStatus } from "../deployments/read-statuses.ts";
import type { StreamEntry } from "../redis/stream-entry.ts";
import { readAlert, readDeadLetter, readLiveRow, readLogLine } from "../redis/stream-values.ts";
import { ChannelRelay } from "./channel-relay.ts";
import { StreamTail } from "./stream-tail.ts";

/** Brings what the runtimes say to the subscriptions of this server, over two Redis connections in all. */
export class LiveHub {
  readonly #channels: ChannelRelay;
  readonly #streams: StreamTail;
  #open = 0;

  constructor(redis: Redis, subscriber: Redis) {
    this.#channels = new ChannelRelay(subscriber);
    this.#streams = new StreamTail(redis);
  }

  /** How many subscriptions are open. */
  get open(): number {
    return this.#open;
  }

  /** Calls back with the events of these topics as they come; the result ends it. */
  subscribe(topics: LiveTopics, emit: (event: LiveEvent) => void): () => void {
    const ends = [
      ...this.#deployments(topics.deployments, emit),
      ...topics.alerts.map((pipelineId) =>
        this.#follow(redisKeys.alerts(pipelineId), readAlert, (entries) => emit({ kind: "alerts", pipelineId, entries })),
      ),
      ...topics.liveTables.map(({ pipelineId, sinkId }) =>
        this.#follow(redisKeys.liveTable(pipelineId, sinkId), readLiveRow, (entries) =>
          emit({ kind: "rows", pipelineId, sinkId, entries }),
        ),
      ),
      ...topics.deadLetters.map((pipelineId) =>
        this.#follow(redisKeys.deadLetters(pipelineId), readDeadLetter, (entries) => emit({ kind: "deadLetters", pipelineId, entries })),
      ),
      ...topics.logs.map((deploymentId) =>
        this.#follow(redisKeys.logs(deploymentId), readLogLine, (entries) => emit({ kind: "logs", deploymentId, entries })),
      ),
    ];
    this.#open++;
    return () => {
      this.#open--;
      for (const end of ends) end();
    };
  }

  #deployments(ids: readonly string[], emit: (event: LiveEvent) => void): readonly (() => void)[] {
    if (ids.length === 0) return [];
    const wanted = new Set(ids);
    const statuses = this.#channels.listen(redisKeys.statusChannel, (message) => {
      const status = parseStatus(message);
      if (status !== null && wanted.has(status.deploymentId)) emit({ kind: "status", status });
    });
    const frames = ids.map((id) => this.#channels.listen(redisKeys.metricsChannel(id), (message) => emitFrame(message, emit)));
    return [statuses, ...frames];
  }

  #follow<T>(key: string, read: (entry: StreamEntry) => T | null, emit: (values: readonly T[]) => void): () => void {
    return this.#streams.follow(key, (entries) => {
      const values = entries.map(read).filter((value) => value !== null);
      if (values.length > 0) emit(values);
    });
  }
}

function emitFrame(message: string, emit: (event: LiveEvent) => void): void {
  try {
    const parsed = metricsFrame.safeParse(JSON.parse(message));
    if (parsed.success) emit({ kind: "frame", frame: parsed.data });
  } catch {
    // Not JSON: nothing that a runtime of ours wrote.
  }
}
