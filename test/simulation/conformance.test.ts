import { bigintType, type JsonObject, type SinkConnector } from "@millrace/engine";
import {
  describeCheckpointStore,
  describeKafkaDriver,
  describePrewritingSink,
  describeTransactionalSink,
  type SinkUnderTest,
} from "@millrace/runtime/testing";
import { describe, expect, test } from "vitest";
import { noFaults } from "./faults.ts";
import { Scheduler } from "./scheduler.ts";
import { createSimCheckpointStore } from "./sim-checkpoint-store.ts";
import { SimDatabase } from "./sim-database.ts";
import { SimJobs } from "./sim-jobs.ts";
import { SimKafka } from "./sim-kafka.ts";
import { createSimKafkaDriver } from "./sim-kafka-driver.ts";
import { type SimMachine, SimProcess } from "./sim-process.ts";
import { SimRedis } from "./sim-redis.ts";
import { createDatabaseSink, createRedisSink, createTopicSink, topicOf } from "./sim-sinks.ts";

const sinkId = "out:sink";

/** A machine without faults whose time passes by itself, and with every call as much as it may, so that suites that know nothing of it can run on it. */
function running(): { readonly machine: SimMachine; readonly process: () => SimProcess } {
  const scheduler = new Scheduler(1, false);
  const watcher = { onCrash() {}, onUnclear() {}, onRefusedAfterStop() {} };
  const machine: SimMachine = { scheduler, faults: noFaults, watcher, wallOffsetMs: 0 };
  let busy = false;
  const drive = (): void => {
    if (busy) return;
    busy = true;
    void scheduler
      .run(() => false, Number.POSITIVE_INFINITY)
      .then(() => {
        busy = false;
      });
  };
  const process = (): SimProcess => {
    const made = new SimProcess("p", machine);
    const call = made.call.bind(made);
    made.call = (label, effect) => {
      const answer = call(label, effect);
      drive();
      return answer;
    };
    return made;
  };
  return { machine, process };
}

describe("checkpoints in the simulated Redis", () => {
  describeCheckpointStore(async () => {
    const { machine, process } = running();
    const redis = new SimRedis();
    const jobs = new SimJobs(machine.scheduler);
    return async () => createSimCheckpointStore(redis, jobs, process(), { deploymentId: "d1", owner: null });
  });
});

function sinkUnderTest(
  create: (process: SimProcess) => SinkConnector,
  lines: () => readonly string[],
  process: () => SimProcess,
): SinkUnderTest {
  return {
    open() {
      const own = process();
      const fields = [{ name: "id", type: bigintType }];
      const context = { pipelineId: "p", sinkId, options: {}, fields, clock: own.clock, signal: new AbortController().signal };
      return create(own).open(context);
    },
    ids: async () => lines().map((line) => Number((JSON.parse(line) as JsonObject).id)),
  };
}

describe("the simulated table", () => {
  describeTransactionalSink(async () => {
    const { process } = running();
    const database = new SimDatabase();
    return sinkUnderTest(
      (own) => createDatabaseSink(database, own),
      () => database.lines(sinkId),
      process,
    );
  });
});

describe("rows in the simulated Redis", () => {
  describeTransactionalSink(async () => {
    const { process } = running();
    const redis = new SimRedis();
    return sinkUnderTest(
      (own) => createRedisSink(redis, own),
      () => redis.rows(sinkId).lines,
      process,
    );
  });
});

describe("the real Kafka sink over the simulated cluster", () => {
  const fresh = async (): Promise<SinkUnderTest> => {
    const { machine, process } = running();
    const kafka = new SimKafka(machine.scheduler, Date.now, Number.POSITIVE_INFINITY);
    const lines = (): readonly string[] =>
      kafka.topicNames.includes(topicOf(sinkId))
        ? kafka
            .fetch({ topic: topicOf(sinkId), partition: 0 }, 0, true)
            .records.map(({ value }) => new TextDecoder().decode(value ?? undefined))
        : [];
    return sinkUnderTest((own) => createTopicSink(kafka, own), lines, process);
  };
  describeTransactionalSink(fresh);
  describePrewritingSink(fresh);
});

describe("the simulated cluster", () => {
  let names = 0;
  const { machine, process } = running();
  const driver = createSimKafkaDriver(new SimKafka(machine.scheduler, Date.now, Number.POSITIVE_INFINITY), process());
  describeKafkaDriver(
    () => driver,
    () => `topic-${names++}`,
  );

  test("a transaction that nobody ends is given up, and its producer is fenced", async () => {
    const scheduler = new Scheduler(1, false);
    const kafka = new SimKafka(scheduler, () => 0);
    const record = (text: string) => ({ topic: "t", partition: 0, key: null, value: new TextEncoder().encode(text), headers: {} });
    const epoch = kafka.initProducer("id");
    kafka.produce("id", epoch, [record("a")]);
    kafka.append([record("behind")]);
    expect(kafka.fetch({ topic: "t", partition: 0 }, 0, true)).toMatchObject({ records: [], nextOffset: 0 });
    await scheduler.run(() => false, 60_000);
    expect(() => kafka.commit("id", epoch)).toThrow("INVALID_PRODUCER_EPOCH");
    const { records, nextOffset } = kafka.fetch({ topic: "t", partition: 0 }, 0, true);
    expect([records.map(({ offset }) => offset), nextOffset, kafka.timedOut]).toEqual([[1], 3, 1]);
  });
});

test("Redis that loses its newest writes loses whole scripts, the newest first", () => {
  const redis = new SimRedis();
  const token = redis.takeOver(false, 0)?.fencingToken ?? 0;
  redis.addRows(sinkId, token, 1, ["a"]);
  redis.addRows(sinkId, token, 2, ["b", "c"]);
  redis.lose(1);
  expect(redis.rows(sinkId)).toEqual({ lines: ["a"], checkpoint: 1, token });
  redis.lose(2);
  expect([redis.state.token, redis.rows(sinkId).lines]).toEqual([0, []]);
});
