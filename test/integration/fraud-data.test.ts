import { type PipelineDocument, parsePipeline, writePipeline } from "@millrace/engine";
import { catalogue, templateOnKafka, templates } from "@millrace/nodes";
import { type DeploymentJob, redisKeys } from "@millrace/protocol";
import { kafkaIsMissing, startTestKafka, type TestKafka } from "@millrace/scripts/test-kafka";
import { Kafka, logLevel, Partitioners, type Producer } from "kafkajs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { compareRows } from "../cases/compare-rows.ts";
import { Seeded } from "../chaos/seeded.ts";
import { asExpected, endOfTime, expectedScores, fraudRecords, type TopicRecord } from "../real-data/fraud-topics.ts";
import { sharedDataMissing } from "../real-data/shared-data.ts";
import { committedRows } from "../services/committed-rows.ts";
import { createRuntimeStage, type RuntimeStage } from "./runtime/runtime-stage.ts";
import type { RuntimeUnderTest } from "./runtime/runtime-under-test.ts";
import { waitFor } from "./runtime/wait-for.ts";

const missing = sharedDataMissing?.replace("SKIPPED: ", "") ?? kafkaIsMissing();

const partitions = 3;
const kills = 6;
/** Brokers of one's own keep what earlier runs wrote. */
const run = `millrace-test-${process.pid}-${Date.now()}`;
const topics = { payments: `${run}-payments`, "customer-profiles": `${run}-profiles`, "scored-payments": `${run}-scored` } as const;

describe("the fraud template over topics of Kafka", () => {
  let kafka: TestKafka;
  let client: Kafka;
  let producer: Producer;
  let stage: RuntimeStage;
  beforeEach((context) => {
    if (missing !== null) context.skip(`SKIPPED: ${missing}`);
  });
  beforeAll(async () => {
    if (missing !== null) return;
    kafka = await startTestKafka();
    client = new Kafka({ brokers: kafka.brokers.split(","), logLevel: logLevel.NOTHING });
    const admin = client.admin();
    await admin.connect();
    const sizes = { [topics.payments]: partitions, [topics["customer-profiles"]]: 1, [topics["scored-payments"]]: partitions };
    await admin.createTopics({
      topics: Object.entries(sizes).map(([topic, numPartitions]) => ({ topic, numPartitions })),
      waitForLeaders: true,
    });
    await admin.disconnect();
    producer = client.producer({ createPartitioner: Partitioners.DefaultPartitioner, idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    stage = await createRuntimeStage(10, []);
  }, 180_000);
  afterAll(async () => {
    if (missing !== null) return;
    await stage.close();
    await producer.disconnect();
    await kafka.stop();
  });

  it("scores each of the handbook's transactions once and to the row, although its processes are killed at random moments", async () => {
    const env = { MILLRACE_SECRET_CLUSTER: `kafka://${kafka.brokers}`, MILLRACE_EGRESS_ALLOW: "127.0.0.0/8" };
    let runtime = await stage.startRuntime(env);
    const job = fraudJob();
    await stage.deployments.deploy(job);
    await stage.deployments.waitForState(job.deploymentId, "RUNNING");
    const random = new Seeded(Number(process.env.CHAOS_SEED ?? 1));
    const records = fraudRecords();
    const legs = Array.from({ length: kills + 1 }, (_, leg) => {
      const [from, to] = [leg, leg + 1].map((part) => Math.round((records.length * part) / (kills + 1)));
      return records.slice(from, to);
    });
    for (const [i, leg] of legs.entries()) {
      // The rest comes when another process is there: without news there would be no checkpoint to wait for.
      const rest = leg.splice(-100);
      const sending = send(leg);
      if (i < kills) {
        await new Promise((resolve) => setTimeout(resolve, random.below(4000)));
        runtime = await killSomething(runtime, i % 3 === 2, env);
      }
      await sending;
      const committed = await committedCheckpoint(job.pipelineId);
      await send(rest);
      await checkpointAbove(job, committed);
    }
    await sendEnd();
    const expected = expectedScores();
    await waitFor(
      "the last row",
      async () => (await committedRows(client, topics["scored-payments"])).length >= expected.length,
      120_000,
    ).catch(
      // What is missing is told below.
      (cause: unknown) => console.warn(String(cause)),
    );
    const rows = await committedRows(client, topics["scored-payments"]);
    expect(compareRows(rows.map(asExpected), expected)).toEqual({ missing: [], extra: [] });
    for (const row of rows) expect(row.reasons === "", JSON.stringify(row)).toBe(Number(row.score) === 0);
    await expectFeatures(job.pipelineId, rows);
    expect(await stage.deployments.redis.xlen(redisKeys.deadLetters(job.pipelineId))).toBe(0);
  }, 480_000);

  /** Of each customer, the features in Redis are those of the newest scored payment, as soon as its checkpoint is delivered there. */
  async function expectFeatures(pipelineId: string, rows: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
    const newest = new Map(rows.map((row) => [String(row.customer_id), row]));
    const shown = (row: Readonly<Record<string, unknown>>) => `${row.recent_count} ${row.recent_sum} ${row.score} ${row.reasons}`;
    const differing = async (): Promise<readonly string[]> => {
      const found = await Promise.all(
        [...newest].map(async ([customer, row]) => {
          const features = await stage.deployments.redis.hgetall(redisKeys.rows(pipelineId, `features:${customer}`));
          return shown(features) === shown(row) ? [] : [`${customer}: ${shown(features)} instead of ${shown(row)}`];
        }),
      );
      return found.flat();
    };
    await expect.poll(differing, { timeout: 60_000 }).toEqual([]);
  }

  /** kill -9 of the pipeline process, or of the runtime that owns it, which another one follows; the runtime that is left. */
  async function killSomething(
    runtime: RuntimeUnderTest,
    whole: boolean,
    env: Readonly<Record<string, string>>,
  ): Promise<RuntimeUnderTest> {
    if (!whole) {
      const pid = await waitFor("a pipeline process", async () => runtime.pipelinePids.at(-1));
      process.kill(pid, "SIGKILL");
      await waitFor("another pipeline process", async () => runtime.pipelinePids.at(-1) !== pid, 60_000);
      return runtime;
    }
    const next = await stage.startRuntime(env);
    runtime.kill("SIGKILL");
    await waitFor("the takeover", async () => next.pipelinePids.length > 0, 60_000);
    return next;
  }

  async function committedCheckpoint(pipelineId: string): Promise<number> {
    return Number((await stage.deployments.redis.hget(redisKeys.checkpoint(pipelineId), "checkpoint")) ?? 0);
  }

  async function checkpointAbove({ pipelineId, deploymentId }: DeploymentJob, above: number): Promise<void> {
    const look = async () => (await committedCheckpoint(pipelineId)) > above;
    await waitFor(`a checkpoint above ${above}`, look, 120_000).catch(async (cause: unknown) => {
      const status = await stage.deployments.status(deploymentId);
      throw new Error(`${String(cause)}; the deployment is ${JSON.stringify(status)}`, { cause });
    });
  }

  /** Some hundred records at a time, over about four seconds for a leg of the way. */
  async function send(records: readonly TopicRecord[]): Promise<void> {
    for (let from = 0; from < records.length; from += 150) {
      const some = records.slice(from, from + 150);
      for (const topic of ["customer-profiles", "payments"] as const) {
        const messages = some.filter((record) => record.topic === topic).map(({ key, value }) => ({ key, value: JSON.stringify(value) }));
        if (messages.length > 0) await producer.send({ topic: topics[topic], acks: -1, messages });
      }
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
  }

  async function sendEnd(): Promise<void> {
    for (const { topic, partition, value } of endOfTime(partitions)) {
      await producer.send({ topic: topics[topic], acks: -1, messages: [{ partition, value: JSON.stringify(value) }] });
    }
  }
});

/** The template as it stands, with a checkpoint more often; a partition never counts as idle, which would go by the clock. */
function fraudJob(): DeploymentJob {
  const template = templates.find(({ id }) => id === "fraud-score");
  if (template === undefined) throw new Error("there is no template of the fraud score");
  const pipelineId = `real-fraud-${process.pid}`;
  const chosen = { payments: topics.payments, profiles: topics["customer-profiles"], scored: topics["scored-payments"] };
  const parsed = parsePipeline(templateOnKafka(template, { connection: "cluster", topics: chosen }), catalogue);
  if (!parsed.ok) throw new Error(parsed.diagnostics[0].message);
  const { pipeline } = parsed.value;
  const nodes = Object.fromEntries(
    Object.entries(pipeline.nodes).map(([slug, node]) => [
      slug,
      node.type === "kafka-source" ? { ...node, params: { ...node.params, idleTimeout: null } } : node,
    ]),
  );
  const settings = { ...pipeline.settings, checkpointIntervalMs: 300 };
  const document: PipelineDocument = { ...parsed.value, pipeline: { ...pipeline, id: pipelineId, settings, nodes } };
  return {
    protocolVersion: 1,
    deploymentId: `${pipelineId}-d1`,
    pipelineId,
    version: 1,
    pipeline: writePipeline(document, catalogue),
    startFrom: "latest",
  };
}
