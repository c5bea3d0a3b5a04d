import {
  type CheckpointManifest,
  type CheckpointStore,
  ConnectorError,
  type JsonValue,
  type SinkConnector,
  type SourceConnector,
} from "@millrace/engine";
import { createSimKafkaDriver } from "./sim-kafka-driver.ts";
import type { SimProcess } from "./sim-process.ts";
import { createTopicSink, linesOf, sinkError, topicOf } from "./sim-sinks.ts";
import { rightWiring, type Wiring } from "./wiring.ts";
import type { World } from "./world.ts";

/** A table sink that does what `deliver` says, with the marker of the table. */
function tableSink(
  { database }: World,
  process: SimProcess,
  deliver: (table: string, lines: readonly string[], checkpoint: number, token: number) => Promise<void>,
): SinkConnector {
  return {
    guarantee: "exactly-once",
    async open({ sinkId }) {
      const held = (): Promise<number | null> => process.call("sink.database.marker", () => database.checkpoint(sinkId));
      return {
        delivered: () => held().catch((cause: unknown) => Promise.reject(sinkError(cause))),
        async deliver(delivery) {
          try {
            const { checkpoint, fencingToken } = delivery;
            if (((await held()) ?? 0) < checkpoint) await deliver(sinkId, linesOf(delivery), checkpoint, fencingToken);
          } catch (cause) {
            throw sinkError(cause);
          }
        },
        async close() {},
      };
    },
  };
}

function withDatabaseSink(create: (world: World, process: SimProcess) => SinkConnector): Wiring {
  return {
    ...rightWiring,
    sink: (world, process, path) => (path === "database" ? create(world, process) : rightWiring.sink(world, process, path)),
  };
}

const pointerBeforeCommit = withDatabaseSink((world, process) =>
  tableSink(world, process, async (table, lines, checkpoint, token) => {
    await process.call(`sink.database.mark ${checkpoint}`, () => world.database.mark(table, token, checkpoint));
    await process.call(`sink.database.deliver ${checkpoint}`, () => world.database.insertUnmarked(table, lines));
  }),
);

const pointerAfterCommit = withDatabaseSink((world, process) =>
  tableSink(world, process, async (table, lines, checkpoint, token) => {
    await process.call(`sink.database.deliver ${checkpoint}`, () => world.database.insertUnmarked(table, lines));
    await process.call(`sink.database.mark ${checkpoint}`, () => world.database.mark(table, token, checkpoint));
  }),
);

const markerSkipped = withDatabaseSink((world, process) =>
  tableSink(world, process, (table, lines, checkpoint) =>
    process.call(`sink.database.deliver ${checkpoint}`, () => world.database.insertUnmarked(table, lines)),
  ),
);

/** Takes for granted that what the newest checkpoint holds was delivered before the restart. */
const deliveryAfterRestartForgotten = withDatabaseSink((world, process) => {
  const right = rightWiring.sink(world, process, "database");
  return {
    ...right,
    async open(context) {
      const writer = await right.open(context);
      let first = (await writer.delivered()) !== null;
      return {
        ...writer,
        async deliver(delivery) {
          if (!first) return await writer.deliver(delivery);
          first = false;
          await process.call("sink.database.mark", () => world.database.mark(context.sinkId, delivery.fencingToken, delivery.checkpoint));
        },
      };
    },
  };
});

/** Every token is as good as any other, and the last to write is right. */
const noFence: Wiring = {
  ...rightWiring,
  store(world, process, claim) {
    const { redis } = world;
    const right = rightWiring.store(world, process, claim);
    return {
      ...right,
      takeOver: () => process.call("store.takeOver", () => redis.takeOver(false, redis.state.token) ?? { fencingToken: 0, manifest: null }),
      putChunk: (_token, { sha256 }, bytes) => process.call("store.putChunk", () => redis.putChunk(redis.state.token, sha256, bytes)),
      commit: (_token, manifest) =>
        process.call(`store.commit ${manifest.checkpoint}`, () => redis.commitUnchecked(manifest, claim.deploymentId)),
    };
  },
};

/** After an error that leaves open what happened, the same again in a transaction of its own. */
const blindRetry: Wiring = {
  ...rightWiring,
  sink(world, process, path) {
    const right = rightWiring.sink(world, process, path);
    if (path !== "topic") return right;
    return {
      ...right,
      async open(context) {
        const writer = await right.open(context);
        const driver = createSimKafkaDriver(world.kafka, process);
        return {
          delivered: () => writer.delivered(),
          close: () => writer.close(),
          async deliver(delivery) {
            try {
              await writer.deliver(delivery);
            } catch (cause) {
              if (!(cause instanceof ConnectorError) || delivery.records === 0) throw cause;
              const transactionalId = `again-${context.sinkId}`;
              const again = await driver.openWriter({ transactionalId, compression: "none" });
              const topic = topicOf(context.sinkId);
              await again.sendInTransaction(
                linesOf(delivery).map((line) => ({
                  topic,
                  partition: null,
                  key: null,
                  value: new TextEncoder().encode(line),
                  headers: {},
                })),
              );
            }
          },
        };
      },
    };
  },
};

/** A writer that fails is replaced, and what it had been sent ahead is taken for written. */
const lostWriterForgotten: Wiring = {
  ...rightWiring,
  sink(world, process, path) {
    if (path !== "topic") return rightWiring.sink(world, process, path);
    return createTopicSink(world.kafka, process, (driver) => ({
      ...driver,
      async openWriter(options) {
        let writer = await driver.openWriter(options);
        return {
          send: (records) => writer.send(records),
          sendInTransaction: (records, alsoIn) => writer.sendInTransaction(records, alsoIn),
          close: () => writer.close(),
          async sendAhead(records) {
            try {
              await writer.sendAhead(records);
            } catch {
              writer = await driver.openWriter(options);
            }
          },
        };
      },
    }));
  },
};

const attempted = new WeakMap<World, CheckpointManifest>();

/** State is stored as it changes, and a restart takes the newest that there is, committed or not. */
const stateNotRolledBack: Wiring = {
  ...rightWiring,
  store(world, process, claim) {
    const right: CheckpointStore = rightWiring.store(world, process, claim);
    return {
      ...right,
      async takeOver() {
        const taken = await right.takeOver();
        const newer = attempted.get(world);
        if (taken.manifest === null || newer === undefined || newer.checkpoint <= taken.manifest.checkpoint) return taken;
        const parts = taken.manifest.parts.map((part) =>
          part.kind === "operator" ? (newer.parts.find(({ kind, id }) => kind === part.kind && id === part.id) ?? part) : part,
        );
        return { ...taken, manifest: { ...taken.manifest, parts } };
      },
      commit(token, manifest) {
        attempted.set(world, manifest);
        return right.commit(token, manifest);
      },
    };
  },
};

const offsets = new WeakMap<World, Map<string, JsonValue>>();

/** Where reading goes on is kept outside of the checkpoints, as a consumer group does that commits by itself. */
const offsetsOutside: Wiring = {
  ...rightWiring,
  source(world, process, onRead): SourceConnector {
    const right = rightWiring.source(world, process, onRead);
    const known = offsets.get(world) ?? new Map<string, JsonValue>();
    offsets.set(world, known);
    return {
      async open(context) {
        const topic = String(context.options.path);
        const reader = await right.open({ ...context, position: known.get(topic) ?? null });
        return {
          position: () => reader.position(),
          close: () => reader.close(),
          splits: () => reader.splits?.() ?? [],
          async poll() {
            const chunk = await reader.poll();
            known.set(topic, reader.position());
            return chunk;
          },
        };
      },
    };
  },
};

/** Who is fenced starts again, and nothing asks whether it may. */
const fencedOwnerTakesOverAgain: Wiring = {
  ...rightWiring,
  store: (world, process, claim) =>
    rightWiring.store(world, process, { ...claim, owner: null, deploymentId: `again-${claim.deploymentId}` }),
  childEnd: (end) => (end.kind === "failed" && end.fenced ? { ...end, fenced: false, retryable: true } : end),
};

/** Mistakes that the protocol forbids, each as ports or a strategy that make it. */
export const plantedBugs: Readonly<Record<string, Wiring>> = {
  "the marker is written before the rows": pointerBeforeCommit,
  "the marker is written after the rows": pointerAfterCommit,
  "no marker is written": markerSkipped,
  "what was not delivered before a restart is forgotten": deliveryAfterRestartForgotten,
  "nobody is fenced": noFence,
  "what is unclear is tried again without asking": blindRetry,
  "a writer's loss of what it was sent ahead is not noticed": lostWriterForgotten,
  "state is not rolled back": stateNotRolledBack,
  "positions are kept outside of checkpoints": offsetsOutside,
  "a fenced owner takes over again": fencedOwnerTakesOverAgain,
};
