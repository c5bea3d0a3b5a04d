import { type RuntimeReply, redisKeys, requestQueue, restoreRehearsal, runtimeReply } from "@millrace/protocol";
import { Queue, QueueEvents } from "bullmq";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { copiedIds, countedEvents, countingJob } from "./runtime/counted-events.ts";
import { createRuntimeStage, type RuntimeStage } from "./runtime/runtime-stage.ts";
import { waitFor } from "./runtime/wait-for.ts";

const events = countedEvents(3000);
const allIds = events.map((event) => event.id);

let stage: RuntimeStage;
beforeEach(async () => {
  stage = await createRuntimeStage(7, events);
});
afterEach(() => stage.close());

async function savedNumbers(pipelineId: string): Promise<number[]> {
  const fields = await stage.deployments.redis.hkeys(redisKeys.savepoints(pipelineId));
  return fields.filter((field) => /^\d+$/.test(field)).map(Number);
}

async function ask(request: unknown): Promise<RuntimeReply> {
  const connection = stage.deployments.redis;
  const queue = new Queue(requestQueue, { connection });
  const events = new QueueEvents(requestQueue, { connection: connection.duplicate() });
  try {
    await events.waitUntilReady();
    const job = await queue.add("request", request, { removeOnComplete: { age: 60 } });
    return runtimeReply.parse(await job.waitUntilFinished(events, 10_000));
  } finally {
    await queue.close();
    await events.close();
  }
}

describe("a savepoint", () => {
  it("is taken while the pipeline runs; a deployment that starts from it does what came after it again", async () => {
    await stage.startRuntime();
    const job = countingJob("saved");
    await stage.deployments.deploy(job);
    await stage.deployments.waitForCheckpoint(job.pipelineId, 3);
    await stage.deployments.send(job.deploymentId, { kind: "savepoint", name: "early" });
    const [early] = await waitFor("the savepoint", async () => {
      const numbers = await savedNumbers(job.pipelineId);
      return numbers.length === 1 ? numbers : null;
    });
    await stage.deployments.waitForState(job.deploymentId, "FINISHED");
    expect(await copiedIds(stage.files, "saved")).toEqual(allIds);

    const again = countingJob("saved", { deploymentId: "saved-again", version: 2, savepoint: early });
    await stage.deployments.deploy(again);
    await stage.deployments.waitForState(again.deploymentId, "FINISHED");
    const repeated = (await copiedIds(stage.files, "saved")).slice(allIds.length);
    expect(repeated.length).toBeGreaterThan(0);
    expect(repeated.length).toBeLessThan(allIds.length);
    expect(repeated).toEqual(allIds.slice(-repeated.length));
  });

  it("is what a stop leaves when it is asked for one, and what a start that names one that is gone fails with", async () => {
    await stage.startRuntime();
    const job = countingJob("stopped-saved");
    await stage.deployments.deploy(job);
    await stage.deployments.waitForCheckpoint(job.pipelineId, 3);
    await stage.deployments.desire(job, "STOPPED");
    await stage.deployments.send(job.deploymentId, { kind: "stop", drain: false, savepoint: "the last" });
    const stopped = await stage.deployments.waitForState(job.deploymentId, "STOPPED");
    expect(await savedNumbers(job.pipelineId)).toEqual([stopped.checkpoint]);
    const wrong = countingJob("stopped-saved", { deploymentId: "stopped-wrong", version: 2, savepoint: 1 });
    await stage.deployments.deploy(wrong);
    const failed = await stage.deployments.waitForState(wrong.deploymentId, "FAILED");
    expect(failed.problem?.code).toBe("CHECKPOINT_GONE");
  });
});

describe("a runtime that is asked what a deployment would keep", () => {
  it("tries it on the newest checkpoint and changes nothing", async () => {
    await stage.startRuntime();
    const job = countingJob("asked");
    await stage.deployments.deploy(job);
    await stage.deployments.waitForCheckpoint(job.pipelineId, 3);
    const reply = await ask({ kind: "restore-rehearsal", pipelineId: job.pipelineId, pipeline: job.pipeline });
    if (!reply.ok) throw new Error(reply.message);
    const { checkpoint, changes } = restoreRehearsal.parse(reply.answer);
    expect(checkpoint).toBeGreaterThanOrEqual(3);
    expect(new Set(changes.map(({ verdict }) => verdict))).toEqual(new Set(["kept"]));
    expect(changes.some(({ stateKeys }) => stateKeys > 0)).toBe(true);
    await stage.deployments.waitForState(job.deploymentId, "FINISHED");
    expect(await copiedIds(stage.files, "asked")).toEqual(allIds);
  });

  it("answers in words what it does not know and what cannot run", async () => {
    await stage.startRuntime();
    expect(await ask({ kind: "dance" })).toMatchObject({ ok: false, code: "REQUEST_UNKNOWN" });
    expect(await ask({ kind: "restore-rehearsal", pipelineId: "p", pipeline: "{" })).toMatchObject({ ok: false, code: "PIPELINE_INVALID" });
  });
});
