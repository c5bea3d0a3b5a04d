import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedKafka } from "@millrace/scripts/embedded-kafka";
import { chooseFreePort } from "@millrace/scripts/ports";
import { startPostgres, startRedis, takeDataFolder } from "@millrace/scripts/start-services";
import { Kafka, logLevel, Partitioners, type Producer } from "kafkajs";
import { Client } from "pg";
import { Deployments } from "../integration/runtime/deployments.ts";
import { type RuntimeUnderTest, startRuntime } from "../integration/runtime/runtime-under-test.ts";
import { waitFor } from "../integration/runtime/wait-for.ts";
import { chaosTable, chaosTopics } from "./fraud-job.ts";
import { startTcpProxy, type TcpProxy } from "./tcp-proxy.ts";

/** A server of the stage that can be killed. */
export interface Killable {
  kill(): Promise<void>;
  restart(): Promise<void>;
  /** Ends the process that runs now, which after a restart is not the first one. */
  stop(): Promise<void>;
}

/** Real servers, proxies before them, and runtimes. */
export interface ChaosStage {
  readonly kafka: Killable & { readonly client: Kafka; readonly producer: Producer };
  readonly redis: Killable;
  readonly proxies: { readonly kafka: TcpProxy; readonly redis: TcpProxy; readonly postgres: TcpProxy };
  readonly deployments: Deployments;
  readonly database: Client;
  /** Those that live, the oldest first. */
  readonly runtimes: RuntimeUnderTest[];
  addRuntime(): Promise<RuntimeUnderTest>;
  close(): Promise<void>;
}

/** Starts Kafka, Redis, PostgreSQL and their proxies; no runtime yet. */
export async function createChaosStage(say: (line: string) => void): Promise<ChaosStage> {
  const dataDir = await mkdtemp(join(tmpdir(), "millrace-chaos-"));
  const { folder, release } = await takeDataFolder(dataDir);
  say("starting Kafka, Redis and PostgreSQL");
  const listener = await chooseFreePort();
  const kafkaProxy = await startTcpProxy({ port: listener });
  const broker = await startEmbeddedKafka(folder, { port: listener, advertisedPort: kafkaProxy.port });
  const redis = await startRedis(folder, undefined);
  const postgres = await startPostgres(folder, undefined);
  const redisProxy = await startTcpProxy({ port: Number(new URL(redis.url).port) });
  const postgresProxy = await startTcpProxy({ port: Number(new URL(postgres.url).port) });
  const database = new Client({ connectionString: postgres.url });
  await database.connect();
  await createTable(database);
  const client = new Kafka({ brokers: [broker.url], logLevel: logLevel.NOTHING, retry: { retries: 60, maxRetryTime: 1000 } });
  await createTopics(client);
  const producer = client.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    idempotent: true,
    maxInFlightRequests: 1,
    retry: { retries: 60, maxRetryTime: 1000 },
  });
  await producer.connect();
  const deployments = new Deployments(redis.url);
  const runtimes: RuntimeUnderTest[] = [];
  const env = {
    MILLRACE_SECRET_CLUSTER: `kafka://127.0.0.1:${kafkaProxy.port}`,
    MILLRACE_SECRET_WAREHOUSE: onPort(postgres.url, postgresProxy.port),
    MILLRACE_EGRESS_ALLOW: "127.0.0.0/8",
    MILLRACE_LOG_LEVEL: "info",
  };
  if (redis.service === null) throw new Error("the stage needs a Redis of its own");
  const killableKafka = killable(broker, () => untilListening(listener));
  const killableRedis = killable(redis.service, async () => {});
  return {
    kafka: { ...killableKafka, client, producer },
    redis: killableRedis,
    proxies: { kafka: kafkaProxy, redis: redisProxy, postgres: postgresProxy },
    deployments,
    database,
    runtimes,
    async addRuntime() {
      const runtime = await startRuntime({ redisUrl: onPort(redis.url, redisProxy.port), dataPath: dataDir, env });
      runtimes.push(runtime);
      return runtime;
    },
    async close() {
      for (const runtime of runtimes) {
        runtime.kill("SIGCONT");
        runtime.kill("SIGKILL");
      }
      await Promise.allSettled([producer.disconnect(), database.end(), deployments.close()]);
      await Promise.allSettled([kafkaProxy.close(), redisProxy.close(), postgresProxy.close()]);
      await Promise.allSettled([killableKafka.stop(), killableRedis.stop(), postgres.service?.process.stop()]);
      await release();
      await rm(dataDir, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

interface Running {
  readonly pid: number;
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

/** `ready` resolves when a server that was started again can be reached: recovery is counted from there. */
function killable(service: { readonly process: Running; restart(): Promise<Running> }, ready: () => Promise<void>): Killable {
  let running = service.process;
  return {
    async kill() {
      process.kill(running.pid, "SIGKILL");
      await running.ended;
    },
    async restart() {
      running = await service.restart();
      await ready();
    },
    stop: () => running.stop(),
  };
}

async function untilListening(port: number): Promise<void> {
  const listens = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect({ port, host: "127.0.0.1" });
      socket.once("connect", () => {
        socket.destroy();
        resolve(true);
      });
      socket.once("error", () => resolve(false));
    });
  await waitFor("the broker to listen", listens, 60_000);
}

async function createTopics(client: Kafka): Promise<void> {
  const admin = client.admin();
  await admin.connect();
  const partitions = { [chaosTopics.payments]: 3, [chaosTopics.profiles]: 1, [chaosTopics.scored]: 3 };
  const topics = Object.entries(partitions).map(([topic, numPartitions]) => ({ topic, numPartitions }));
  await admin.createTopics({ topics, waitForLeaders: true });
  await admin.disconnect();
}

async function createTable(database: Client): Promise<void> {
  await database.query(
    `CREATE TABLE ${chaosTable} (transaction_id text, customer_id text, at timestamptz, recent_count bigint, recent_sum bigint, tier text, score bigint)`,
  );
}

function onPort(url: string, port: number): string {
  const moved = new URL(url);
  moved.port = String(port);
  return moved.href;
}
