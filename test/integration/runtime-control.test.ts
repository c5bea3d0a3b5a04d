import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type MetricsFrame, metricsFrame, redisKeys } from "@millrace/protocol";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { copiedIds, countedEvents, countedWindows, countingJob, expectedWindows, readRows } from "./runtime/counted-events.ts";
import { createRuntimeStage, type RuntimeStage } from "./runtime/runtime-stage.ts";
import { waitFor } from "./runtime/wait-for.ts";

const events = countedEvents(3000);
const allIds = events.map((event) => event.id);

let stage: RuntimeStage;
beforeEach(async () => {
  stage = await createRuntimeStage(4, events);
});
afterEach(() => stage.close());

describe("a running deployment", () => {
  it("that is stopped keeps its checkpoint, and goes on from there when it is wanted again", async () => {
    await stage.startRuntime();
    const job = countingJob("stopped");
    await stage.deployments.deploy(job);
    await stage.deployments.waitForCheckpoint(job.pipelineId, 3);
    await stage.deployments.desire(job, "STOPPED");
    await stage.deployments.send(job.deploymentId, { kind: "stop", drain: false });
    const stopped = await stage.deployments.waitForState(job.deploymentId, "STOPPED");
    expect(stopped.checkpoint).toBeGreaterThan(3);
    const before = await copiedIds(stage.files, "stopped");
    expect(before).toEqual(allIds.slice(0, before.length));
    expect(before.length).toBeLessThan(allIds.length);
    // No window was fired by the stop: all that are there are whole.
    const whole = new Set(expectedWindows(events));
    for (const window of await countedWindows(stage.files, "stopped")) expect(whole).toContain(window);
    await stage.deployments.desire(job, "RUNNING");
    await stage.deployments.waitForState(job.deploymentId, "FINISHED");
    expect(await copiedIds(stage.files, "stopped")).toEqual(allIds);
    expect(await countedWindows(stage.files, "stopped")).toEqual([...whole].sort());
  });

  it("that is only said to be stopped in the desired state is stopped by the reconciler", async () => {
    await stage.startRuntime();
    const job = countingJob("reconciled");
    await stage.deployments.deploy(job);
    await stage.deployments.waitForState(job.deploymentId, "RUNNING");
    await stage.deployments.desire(job, "STOPPED");
    await stage.deployments.waitForState(job.deploymentId, "STOPPED", 15_000);
  });

  it("that is stopped with drain fires its windows", async () => {
    await stage.startRuntime();
    const job = countingJob("drained");
    await stage.deployments.deploy(job);
    await stage.deployments.waitForCheckpoint(job.pipelineId, 3);
    await stage.deployments.desire(job, "STOPPED");
    await stage.deployments.send(job.deploymentId, { kind: "stop", drain: true });
    await stage.deployments.waitForState(job.deploymentId, "STOPPED");
    const copied = await copiedIds(stage.files, "drained");
    expect(await countedWindows(stage.files, "drained")).toEqual(expectedWindows(events.slice(0, copied.length)));
  });

  it("that is deployed anew under another id stands down for the new one", async () => {
    await stage.startRuntime();
    const old = countingJob("redeployed", { deploymentId: "redeployed-old" });
    await stage.deployments.deploy(old);
    await stage.deployments.waitForCheckpoint(old.pipelineId, 3);
    const next = countingJob("redeployed", { deploymentId: "redeployed-new", version: 2 });
    await stage.deployments.deploy(next);
    const superseded = await stage.deployments.waitForState(old.deploymentId, "STOPPED");
    expect(superseded.problem?.code).toBe("SUPERSEDED");
    await stage.deployments.waitForState(next.deploymentId, "FINISHED");
    expect(await copiedIds(stage.files, "redeployed")).toEqual(allIds);
    expect((await stage.deployments.status(old.deploymentId))?.state).toBe("STOPPED");
  });

  it("publishes frames four times a second, and the runtime serves them to Prometheus", async () => {
    const runtime = await stage.startRuntime();
    const job = countingJob("measured");
    const frames: MetricsFrame[] = [];
    const subscriber = stage.deployments.redis.duplicate();
    await subscriber.subscribe(redisKeys.metricsChannel(job.deploymentId));
    subscriber.on("message", (_channel, text) => frames.push(metricsFrame.parse(JSON.parse(text))));
    await stage.deployments.deploy(job);
    await waitFor("frames with a rate", async () => frames.length >= 8 && frames.some((frame) => frame.nodes.events.outPerSecond > 500));
    const text = await (await fetch(`${runtime.url}/metrics`)).text();
    expect(text).toMatch(/millrace_deployment_state\{pipeline="measured",deployment="measured-d1",state="RUNNING"\} 1/);
    expect(text).toMatch(/millrace_node_records_out\{pipeline="measured",deployment="measured-d1",node="events"\} \d+/);
    await stage.deployments.waitForState(job.deploymentId, "FINISHED");
    subscriber.disconnect();
    const gaps = frames.slice(1).map((frame, i) => frame.atMs - frames[i].atMs);
    expect(gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length).toBeLessThan(350);
    expect(frames.every((frame) => frame.unaccounted === 0)).toBe(true);
    expect(frames.at(-1)?.edges["events.out>copy.in"].records).toBe(events.length);
    expect(await stage.deployments.redis.xlen(redisKeys.metricsStream(job.deploymentId))).toBe(frames.length);
  });
});

describe("a deployment whose webhook does not answer", () => {
  it("is DEGRADED with the node that is to blame, loses nothing, and is RUNNING again when it answers", async () => {
    const received: { id: number }[] = [];
    const receiver = createServer((request, response) => {
      let body = "";
      request.on("data", (piece) => {
        body += String(piece);
      });
      request.on("end", () => {
        received.push(...(JSON.parse(body) as { id: number }[]));
        response.writeHead(204).end();
      });
    });
    const port = await listen(receiver, 0);
    await new Promise((resolve) => receiver.close(resolve));
    await stage.startRuntime({ MILLRACE_EGRESS_ALLOW: `127.0.0.1:${port}` });
    const job = countingJob("notified");
    const hook = { type: "webhook-sink", version: 1, params: { url: `http://127.0.0.1:${port}/`, retries: 0, batchSize: 500 } };
    await stage.deployments.deploy({ ...job, pipeline: withNode(job.pipeline, "hook", hook, "events.out") });
    const degraded = await stage.deployments.waitForState(job.deploymentId, "DEGRADED");
    expect(degraded.problem).toMatchObject({ code: "WEBHOOK_UNREACHABLE", node: "hook" });
    await listen(receiver, port);
    expect((await stage.deployments.waitForState(job.deploymentId, "FINISHED")).problem).toBeNull();
    receiver.close();
    expect(received.map(({ id }) => id)).toEqual(allIds);
    expect(await copiedIds(stage.files, "notified")).toEqual(allIds);
  });
});

describe("a deployment that starts empty", () => {
  it("does so once: after a crash it goes on from its own checkpoint", async () => {
    const runtime = await stage.startRuntime();
    const first = countingJob("anew", { deploymentId: "anew-1", speed: 10 });
    await stage.deployments.deploy(first);
    await stage.deployments.waitForState(first.deploymentId, "FINISHED");
    const second = { ...countingJob("anew", { deploymentId: "anew-2", version: 2 }), startFrom: "empty" as const };
    await stage.deployments.deploy(second);
    const before = (await stage.deployments.status(first.deploymentId))?.checkpoint ?? 0;
    await stage.deployments.waitForCheckpoint(second.pipelineId, before + 3);
    process.kill(runtime.pipelinePids.at(-1) ?? 0, "SIGKILL");
    await stage.deployments.waitForState(second.deploymentId, "FINISHED");
    expect(await copiedIds(stage.files, "anew")).toEqual([...allIds, ...allIds]);
  });
});

describe("a deployment that cannot run", () => {
  it("for a missing file is FAILED with code, node and words, and stays so", async () => {
    const runtime = await stage.startRuntime();
    const job = countingJob("missing");
    const failing = { ...job, pipeline: job.pipeline.replace("events.ndjson", "absent.ndjson") };
    await stage.deployments.deploy(failing);
    const status = await stage.deployments.waitForState(job.deploymentId, "FAILED");
    expect(status.problem).toMatchObject({ code: "FILE_NOT_FOUND", node: "events", message: expect.stringContaining("absent.ndjson") });
    await new Promise((resolve) => setTimeout(resolve, 4000));
    expect(runtime.pipelinePids).toHaveLength(1);
  });

  it("for a path outside the folders is FAILED, and reads nothing", async () => {
    await stage.startRuntime();
    const job = countingJob("outside");
    await stage.deployments.deploy({ ...job, pipeline: job.pipeline.replace("events.ndjson", "../../../../etc/passwd") });
    const status = await stage.deployments.waitForState(job.deploymentId, "FAILED");
    expect(status.problem).toMatchObject({ code: "FILE_NOT_ALLOWED", node: "events" });
  });

  it("for an invalid document is FAILED with what is wrong", async () => {
    await stage.startRuntime();
    const job = countingJob("invalid");
    await stage.deployments.deploy({ ...job, pipeline: '{"formatVersion":1' });
    const status = await stage.deployments.waitForState(job.deploymentId, "FAILED");
    expect(status.problem?.code).toBe("PIPELINE_INVALID");
    expect(status.problem?.message).toContain("IMPORT_INVALID");
  });
});

describe("the queue", () => {
  it("rejects jobs that nobody asked for or that say something else, and the runtime goes on", async () => {
    const runtime = await stage.startRuntime();
    const { queue } = stage.deployments;
    const job = countingJob("attacked");
    await queue.add("x", { pipelineId: "other" }, { jobId: "garbage" });
    await queue.add("x", "not an object", { jobId: "text" });
    await queue.add("x", countingJob("unasked"), { jobId: "unasked-d1" });
    await queue.add("x", { ...job, protocolVersion: 0 }, { jobId: "old" });
    const forged = { ...job, pipeline: job.pipeline.replace("events.ndjson", "other.ndjson") };
    await stage.deployments.desire(job, "STOPPED");
    await queue.add("x", forged, { jobId: job.deploymentId });
    const rejections = await waitFor("five rejections", async () => {
      const found = runtime.log.filter((line) => line.code === "JOB_REJECTED");
      return found.length >= 5 ? found : null;
    });
    expect(rejections.map((line) => line.jobId).sort()).toEqual(["attacked-d1", "garbage", "old", "text", "unasked-d1"]);
    expect(runtime.pipelinePids).toHaveLength(0);
    const good = countingJob("after");
    await stage.deployments.deploy(good);
    await stage.deployments.waitForState(good.deploymentId, "FINISHED");
  });

  it("gets a lost job back", async () => {
    await stage.startRuntime();
    const job = countingJob("lost");
    await stage.deployments.desire(job, "RUNNING");
    await stage.deployments.waitForState(job.deploymentId, "FINISHED");
    expect(await readRows(`${stage.files}/lost/copy`)).toHaveLength(events.length);
  });
});

describe("a runtime that is told to end", () => {
  it("does so within three seconds and leaves its deployments to the next, which goes on", async () => {
    const first = await stage.startRuntime();
    const job = countingJob("handed-over");
    await stage.deployments.deploy(job);
    await stage.deployments.waitForCheckpoint(job.pipelineId, 3);
    const since = performance.now();
    expect(await first.stop()).toBe(0);
    expect(performance.now() - since).toBeLessThan(3000);
    const left = await stage.deployments.status(job.deploymentId);
    expect(left).toMatchObject({ state: "RESTARTING", problem: { code: "RUNTIME_STOPPED" } });
    await stage.startRuntime();
    const status = await stage.deployments.waitForState(job.deploymentId, "FINISHED");
    expect(status.restarts).toBe(0);
    expect(await copiedIds(stage.files, "handed-over")).toEqual(allIds);
  });
});

/** The port on which the server then listens, on the loopback address. */
async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** A pipeline with one node more, fed from `from`. */
function withNode(pipeline: string, slug: string, node: unknown, from: string): string {
  const document = JSON.parse(pipeline) as { pipeline: { nodes: Record<string, unknown>; edges: unknown[] } };
  document.pipeline.nodes[slug] = node;
  document.pipeline.edges.push({ from, to: `${slug}.in` });
  return JSON.stringify(document);
}
