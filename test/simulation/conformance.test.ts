import { bigintType, type JsonObject, type SinkConnector } from "@millrace/engine";
import { describeCheckpointStore, describeTransactionalSink, type SinkUnderTest } from "@millrace/runtime/testing";
import { describe, expect, test } from "vitest";
import { noFaults } from "./faults.ts";
import { Scheduler } from "./scheduler.ts";
import { ProducerFenced, SimBroker } from "./sim-broker.ts";
import { createSimCheckpointStore } from "./sim-checkpoint-store.ts";
import { SimDatabase } from "./sim-database.ts";
import { SimJobs } from "./sim-jobs.ts";
import { type SimMachine, SimProcess } from "./sim-process.ts";
import { SimRedis } from "./sim-redis.ts";
import { createDatabaseSink, createRedisSink, createTopicSink } from "./sim-sinks.ts";

const sinkId = "out:sink";

/** A machine without faults whose time passes by itself, so that suites that know nothing of it can run on it. */
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

describe("the simulated topic", () => {
  describeTransactionalSink(async () => {
    const { machine, process } = running();
    const broker = new SimBroker(machine.scheduler);
    return sinkUnderTest(
      (own) => createTopicSink(broker, own),
      () => broker.committed(sinkId),
      process,
    );
  });

  test("a transaction is nothing until it is committed; a new producer and a time-out end it", async () => {
    const scheduler = new Scheduler(1, false);
    const broker = new SimBroker(scheduler);
    const marker = { checkpoint: 1, token: 1 };
    const first = broker.initProducer("t");
    broker.begin("t", first);
    broker.produce("t", first, ["a"], marker);
    expect([broker.committed("t"), broker.marker("t")]).toEqual([[], null]);
    const second = broker.initProducer("t");
    expect(() => broker.commit("t", first)).toThrow(ProducerFenced);
    broker.begin("t", second);
    broker.produce("t", second, ["b"], marker);
    await scheduler.run(() => false, 60_000);
    expect(() => broker.commit("t", second)).toThrow(ProducerFenced);
    expect(broker.committed("t")).toEqual([]);
    const third = broker.initProducer("t");
    broker.begin("t", third);
    broker.produce("t", third, ["c"], marker);
    broker.commit("t", third);
    expect([broker.committed("t"), broker.marker("t")]).toEqual([["c"], marker]);
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
