import { redisKeys } from "@millrace/protocol";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { copiedIds, countedEvents, countedWindows, countingJob, expectedWindows } from "./runtime/counted-events.ts";
import { createRuntimeStage, type RuntimeStage } from "./runtime/runtime-stage.ts";
import { isRunning } from "./runtime/runtime-under-test.ts";
import { waitFor } from "./runtime/wait-for.ts";

const events = countedEvents(4000);
const allIds = events.map((event) => event.id);
const allWindows = expectedWindows(events);

let stage: RuntimeStage;
beforeEach(async () => {
  stage = await createRuntimeStage(3, events);
});
afterEach(() => stage.close());

async function expectAllRowsOnce(pipelineId: string): Promise<void> {
  expect(await copiedIds(stage.files, pipelineId)).toEqual(allIds);
  expect(await countedWindows(stage.files, pipelineId)).toEqual(allWindows);
}

describe("a deployment", () => {
  it("runs to the end of its file and leaves every row once", async () => {
    await stage.startRuntime();
    const job = countingJob("plain");
    await stage.deployments.deploy(job);
    await stage.deployments.waitForState(job.deploymentId, "RUNNING");
    const status = await stage.deployments.waitForState(job.deploymentId, "FINISHED");
    expect(status).toMatchObject({ pipelineId: "plain", version: 1, restarts: 0, problem: null });
    expect(status.checkpoint).toBeGreaterThan(5);
    await expectAllRowsOnce("plain");
  });

  it("whose process is killed in the middle goes on from its checkpoint, with every row once", async () => {
    const runtime = await stage.startRuntime();
    const job = countingJob("child-killed");
    await stage.deployments.deploy(job);
    for (const checkpoint of [3, 9]) {
      await stage.deployments.waitForCheckpoint(job.pipelineId, checkpoint);
      process.kill(runtime.pipelinePids.at(-1) ?? 0, "SIGKILL");
      await stage.deployments.waitForState(job.deploymentId, "RESTARTING");
    }
    const status = await stage.deployments.waitForState(job.deploymentId, "FINISHED");
    expect(status.restarts).toBe(2);
    expect(runtime.pipelinePids).toHaveLength(3);
    await expectAllRowsOnce("child-killed");
  });

  it("whose runtime is killed is taken over by another, with every row once, and its old process does not outlive it", async () => {
    const first = await stage.startRuntime();
    const job = countingJob("runtime-killed");
    await stage.deployments.deploy(job);
    await stage.deployments.waitForCheckpoint(job.pipelineId, 3);
    const [orphan] = first.pipelinePids;
    first.kill("SIGKILL");
    await waitFor("the orphan to end", async () => !isRunning(orphan), 3000);
    // Only now: while it starts, the first would come to the end of its file where the machine is busy.
    const second = await stage.startRuntime();
    await waitFor("the takeover", async () => second.pipelinePids.length > 0, 15_000);
    await stage.deployments.waitForState(job.deploymentId, "FINISHED");
    await expectAllRowsOnce("runtime-killed");
  });

  it("whose frozen runtime wakes up after the takeover writes nothing any more", async () => {
    const frozen = await stage.startRuntime();
    const job = countingJob("zombie");
    await stage.deployments.deploy(job);
    await stage.deployments.waitForCheckpoint(job.pipelineId, 3);
    const [zombie] = frozen.pipelinePids;
    process.kill(zombie, "SIGSTOP");
    frozen.kill("SIGSTOP");
    const frozenAt = await stage.deployments.waitForCheckpoint("zombie", 3);
    const second = await stage.startRuntime();
    await waitFor("the takeover", async () => second.pipelinePids.length > 0, 20_000);
    await stage.deployments.waitForCheckpoint("zombie", frozenAt + 2);
    const tokenBefore = await stage.deployments.redis.hget(redisKeys.checkpoint("zombie"), "token");
    process.kill(zombie, "SIGCONT");
    await waitFor("the zombie to stand down", async () => !isRunning(zombie), 10_000);
    frozen.kill("SIGCONT");
    await stage.deployments.waitForState(job.deploymentId, "FINISHED");
    expect(await stage.deployments.redis.hget(redisKeys.checkpoint("zombie"), "token")).toBe(tokenBefore);
    await expectAllRowsOnce("zombie");
  });
});
