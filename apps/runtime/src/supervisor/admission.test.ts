import type { DeploymentJob } from "@millrace/protocol";
import { describe, expect, test } from "vitest";
import { admit, parseDesired } from "./admission.ts";

const job: DeploymentJob = {
  protocolVersion: 1,
  deploymentId: "d1",
  pipelineId: "orders",
  version: 3,
  pipeline: "{}",
  startFrom: "latest",
};
const desired = JSON.stringify({ desired: "RUNNING", job: Object.fromEntries(Object.entries(job).reverse()) });

test("a job that says exactly what is desired is admitted, whatever the order of its members", () => {
  expect(admit("d1", job, desired)).toEqual({ kind: "admitted", job, desired: "RUNNING" });
});

describe("rejected is", () => {
  test.each([
    ["data of another shape", "d1", { pipelineId: "other" }, desired, "not a deployment job"],
    ["no object", "d1", null, desired, "not a deployment job"],
    ["an old version of the protocol", "d1", { ...job, protocolVersion: 0 }, desired, "not a deployment job"],
    ["an unknown member", "d1", { ...job, extra: 1 }, desired, "not a deployment job"],
    ["an id that is not the deployment's", "d2", job, desired, "its id is d2"],
    ["what nobody asked for", "d1", job, null, "nobody asked"],
    ["another pipeline than desired", "d1", { ...job, pipeline: "{ }" }, desired, "differs"],
    ["another start than desired", "d1", { ...job, startFrom: "empty" }, desired, "differs"],
    ["a damaged entry", "d1", job, "{", "not readable"],
  ])("%s", (_what, id, data, text, reason) => {
    expect(admit(id, data, text)).toEqual({ kind: "rejected", reason: expect.stringContaining(reason) });
  });
});

test("members with special names change nothing but the verdict", () => {
  const hostile: unknown = JSON.parse('{"__proto__":{"desired":"RUNNING"},"constructor":{"prototype":{"x":1}}}');
  expect(admit("d1", hostile, desired).kind).toBe("rejected");
  expect(parseDesired(JSON.stringify(hostile))).toBeNull();
  expect(Object.keys(Object.prototype)).toEqual([]);
});
