import type { CheckpointStore, SinkConnector, SourceConnector } from "@millrace/engine";
import type { ChildEnd } from "@millrace/runtime/supervision";
import { type Claim, createSimCheckpointStore } from "./sim-checkpoint-store.ts";
import type { SimProcess } from "./sim-process.ts";
import { createDatabaseSink, createRedisSink, createTopicSink } from "./sim-sinks.ts";
import { createTopicSource } from "./sim-source.ts";
import type { World } from "./world.ts";

/** How the ports of a process are made; a planted bug replaces one of them. */
export interface Wiring {
  store(world: World, process: SimProcess, claim: Claim): CheckpointStore;
  source(world: World, process: SimProcess, onRead: (records: number) => void): SourceConnector;
  /** By the path that a sink names. */
  sink(world: World, process: SimProcess, path: string): SinkConnector;
  /** What the supervisor is told of the end of a process. */
  childEnd(end: ChildEnd): ChildEnd;
}

export const rightWiring: Wiring = {
  store: ({ redis, jobs }, process, claim) => createSimCheckpointStore(redis, jobs, process, claim),
  source: ({ kafka }, process, onRead) => createTopicSource(kafka, process, onRead),
  sink({ kafka, database, redis }, process, path) {
    if (path === "topic") return createTopicSink(kafka, process);
    return path === "database" ? createDatabaseSink(database, process) : createRedisSink(redis, process);
  },
  childEnd: (end) => end,
};
