import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import type { DeploymentJob } from "@millrace/protocol";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { compareRows } from "../cases/compare-rows.ts";
import { logPipeline } from "../real-data/log-pipeline.ts";
import { partRows, rowsOf } from "../real-data/part-rows.ts";
import { sharedDataFolder, sharedDataMissing } from "../real-data/shared-data.ts";
import { createRuntimeStage, type RuntimeStage } from "./runtime/runtime-stage.ts";
import { waitFor } from "./runtime/wait-for.ts";

const expectedFiles = { "tumbling-window": "tumbling-5m.expected.ndjson", "hopping-window": "hopping-5m-1m.expected.ndjson" } as const;

describe("a real log through a deployed pipeline", () => {
  let stage: RuntimeStage;
  beforeEach(async (context) => {
    if (sharedDataMissing !== null) context.skip(sharedDataMissing);
    stage = await createRuntimeStage(9, []);
    await copyFile(join(sharedDataFolder, "logs/events.ndjson"), join(stage.files, "real.ndjson"));
  });
  afterEach(async () => {
    if (sharedDataMissing === null) await stage.close();
  });

  function job(pipelineId: string, type: keyof typeof expectedFiles, speed: number | null): DeploymentJob {
    const params = type === "tumbling-window" ? { size: "5m" } : { size: "5m", slide: "1m" };
    const folders = { counts: `${pipelineId}/counts`, alerts: `${pipelineId}/alerts` };
    const pipeline = logPipeline({ id: pipelineId, window: { type, params }, log: "real.ndjson", ...folders, speed });
    return { protocolVersion: 1, deploymentId: `${pipelineId}-d1`, pipelineId, version: 1, pipeline, startFrom: "latest" };
  }

  function expectRows(pipelineId: string, type: keyof typeof expectedFiles): void {
    const expected = rowsOf(join(sharedDataFolder, "logs", expectedFiles[type]));
    expect(compareRows(partRows(join(stage.files, pipelineId, "counts")), expected)).toEqual({ missing: [], extra: [] });
    if (type === "tumbling-window") expect(partRows(join(stage.files, pipelineId, "alerts"))).toHaveLength(4);
  }

  it.each(["tumbling-window", "hopping-window"] as const)("gives the expected rows, %s", async (type) => {
    await stage.startRuntime();
    const straight = job("straight", type, null);
    await stage.deployments.deploy(straight);
    await stage.deployments.waitForState(straight.deploymentId, "FINISHED");
    expectRows("straight", type);
  });

  it("gives the expected rows, none twice, after kill -9 of the child and then of the supervisor", async () => {
    const first = await stage.startRuntime();
    const killed = job("killed", "tumbling-window", 1200);
    await stage.deployments.deploy(killed);
    await stage.deployments.waitForCheckpoint("killed", 3);
    process.kill(first.pipelinePids.at(-1) ?? 0, "SIGKILL");
    await waitFor("another process", async () => first.pipelinePids.length > 1, 15_000);
    const restartedAt = await stage.deployments.waitForCheckpoint("killed", 4);
    await stage.deployments.waitForCheckpoint("killed", restartedAt + 1);
    first.kill("SIGKILL");
    // Only now: while it starts, the first would come to the end of its file where the machine is busy.
    const second = await stage.startRuntime();
    await waitFor("the takeover", async () => second.pipelinePids.length > 0, 20_000);
    await stage.deployments.waitForState(killed.deploymentId, "FINISHED");
    expectRows("killed", "tumbling-window");
  }, 120_000);
});
