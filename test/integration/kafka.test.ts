import type { DeploymentJob } from "@millrace/protocol";
import { kafkaIsMissing, startTestKafka, type TestKafka } from "@millrace/scripts/test-kafka";
import { Kafka, logLevel, Partitioners } from "kafkajs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createRuntimeStage, type RuntimeStage } from "./runtime/runtime-stage.ts";
import { waitFor } from "./runtime/wait-for.ts";

const missing = kafkaIsMissing();

const count = 12_000;
const startMs = 1_700_000_000_000;
/** Brokers of one's own keep what earlier runs wrote. */
const run = `millrace-test-${process.pid}-${Date.now()}`;
const topics = { events: `${run}-events`, copied: `${run}-copied`, counted: `${run}-counted` } as const;

describe("a pipeline from Kafka to Kafka", () => {
  let kafka: TestKafka;
  let client: Kafka;
  let stage: RuntimeStage;
  beforeAll(async () => {
    if (missing !== null) return;
    kafka = await startTestKafka();
    client = new Kafka({ brokers: kafka.brokers.split(","), logLevel: logLevel.NOTHING });
  }, 120_000);
  afterAll(() => (missing === null ? kafka.stop() : undefined));
  beforeEach(async (context) => {
    if (missing !== null) context.skip(`SKIPPED: ${missing}`);
    stage = await createRuntimeStage(8, []);
  });
  afterEach(() => (missing === null ? stage.close() : undefined));

  const env = () => ({ MILLRACE_SECRET_CLUSTER: `kafka://${kafka.brokers}`, MILLRACE_EGRESS_ALLOW: "127.0.0.0/8" });

  it("has every record and every window once for readers of what is committed, whatever is killed", async () => {
    await createTopics({ [topics.events]: 3, [topics.copied]: 2, [topics.counted]: 1 });
    const producing = produce();
    const first = await stage.startRuntime(env());
    const job = copyAndCount();
    await stage.deployments.deploy(job);
    for (const checkpoint of [3, 8]) {
      await stage.deployments.waitForCheckpoint(job.pipelineId, checkpoint);
      process.kill(first.pipelinePids.at(-1) ?? 0, "SIGKILL");
      await stage.deployments.waitForState(job.deploymentId, "RESTARTING");
    }
    await stage.deployments.waitForCheckpoint(job.pipelineId, 13);
    const second = await stage.startRuntime(env());
    first.kill("SIGKILL");
    await waitFor("the takeover", async () => second.pipelinePids.length > 0, 20_000);
    await producing;
    const copied = await committed(topics.copied, (rows) => rows.length >= count);
    expect(copied.map(({ id }) => Number(id)).sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, id) => id));
    await stage.deployments.desire(job, "STOPPED");
    await stage.deployments.send(job.deploymentId, { kind: "stop", drain: true });
    await stage.deployments.waitForState(job.deploymentId, "STOPPED");
    const counted = await committed(topics.counted, (rows) => rows.reduce((sum, row) => sum + Number(row.events), 0) >= count);
    const windows = counted.map(({ window_start, service, events }) => `${String(window_start)} ${String(service)} ${String(events)}`);
    expect(windows.sort()).toEqual(expectedCounts());
  }, 180_000);

  async function createTopics(partitions: Readonly<Record<string, number>>): Promise<void> {
    const admin = client.admin();
    await admin.connect();
    await admin.createTopics({
      topics: Object.entries(partitions).map(([topic, numPartitions]) => ({ topic, numPartitions })),
      waitForLeaders: true,
    });
    await admin.disconnect();
  }

  /** About 600 records a second, so that the kills are in the middle. */
  async function produce(): Promise<void> {
    const producer = client.producer({ createPartitioner: Partitioners.DefaultPartitioner, idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    for (let from = 0; from < count; from += 60) {
      const messages = Array.from({ length: 60 }, (_, i) => eventOf(from + i)).map((event) => ({
        key: event.service,
        value: JSON.stringify(event),
      }));
      await producer.send({ topic: topics.events, messages });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await producer.disconnect();
  }

  /** Rows of a topic as a reader of what is committed sees them, as soon as they are `enough`, and two seconds later. */
  async function committed(
    topic: string,
    enough: (rows: readonly Record<string, unknown>[]) => boolean,
  ): Promise<readonly Record<string, unknown>[]> {
    const consumer = client.consumer({ groupId: `check-${topic}-${Date.now()}`, readUncommitted: false, maxWaitTimeInMs: 100 });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    const rows: Record<string, unknown>[] = [];
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        for (const { value } of batch.messages) rows.push(JSON.parse(value?.toString() ?? "{}") as Record<string, unknown>);
      },
    });
    try {
      await waitFor(`enough rows in ${topic}`, async () => enough(rows), 60_000);
      await new Promise((resolve) => setTimeout(resolve, 2000));
      return rows;
    } finally {
      await consumer.disconnect();
    }
  }
});

const services = ["cart", "search", "pay", "mail", "stock"];

function eventOf(id: number) {
  return { id, at: startMs + id, service: services[(id * 7) % services.length] };
}

function expectedCounts(): string[] {
  const counts = new Map<string, number>();
  for (let id = 0; id < count; id++) {
    const { at, service } = eventOf(id);
    const key = `${at - (at % 1000)} ${service}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, events]) => `${key} ${events}`).sort();
}

function copyAndCount(): DeploymentJob {
  const fields = [
    { name: "id", type: "bigint" },
    { name: "at", type: "timestamp" },
    { name: "service", type: "string" },
  ];
  const document = {
    formatVersion: 1,
    pipeline: {
      id: run,
      name: "Kafka copy",
      settings: { checkpointInterval: "300ms" },
      nodes: {
        events: { type: "kafka-source", version: 1, params: { connection: "cluster", topics: topics.events, fields, timeField: "at" } },
        copied: { type: "kafka-sink", version: 1, params: { connection: "cluster", topic: topics.copied, key: "id" } },
        per_service: {
          type: "tumbling-window",
          version: 1,
          params: { keyBy: ["service"], size: "1s", aggregates: [{ as: "events", fn: "count" }] },
        },
        counted: { type: "kafka-sink", version: 1, params: { connection: "cluster", topic: topics.counted, key: "service" } },
      },
      edges: [
        { from: "events.out", to: "copied.in" },
        { from: "events.out", to: "per_service.in" },
        { from: "per_service.out", to: "counted.in" },
      ],
    },
  };
  const pipeline = JSON.stringify(document);
  return { protocolVersion: 1, deploymentId: `${run}-d1`, pipelineId: run, version: 1, pipeline, startFrom: "latest" };
}
