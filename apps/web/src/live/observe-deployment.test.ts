import type { DeploymentState, DeploymentStatus } from "@millrace/protocol";
import { expect, it } from "vitest";
import { observeDeployment } from "./observe-deployment.ts";

const nowMs = 100_000;

function status(state: DeploymentState, updatedAtMs: number): DeploymentStatus {
  return { deploymentId: "d", pipelineId: "p", version: 1, state, problem: null, checkpoint: 1, restarts: 0, startedAtMs: 0, updatedAtMs };
}

it.each([
  ["never deployed", null, null, "DRAFT"],
  ["just deployed, nobody took it yet", { desired: "RUNNING", createdAtMs: nowMs - 3000 }, null, "DEPLOYING"],
  ["nobody took it for 15 s", { desired: "RUNNING", createdAtMs: nowMs - 16_000 }, null, "NO_OWNER"],
  ["runs", { desired: "RUNNING", createdAtMs: 0 }, status("RUNNING", nowMs - 1000), "RUNNING"],
  ["its owner fell silent", { desired: "RUNNING", createdAtMs: 0 }, status("RUNNING", nowMs - 15_001), "NO_OWNER"],
  ["failed long ago: needs no owner", { desired: "RUNNING", createdAtMs: 0 }, status("FAILED", 1), "FAILED"],
  ["finished long ago", { desired: "RUNNING", createdAtMs: 0 }, status("FINISHED", 1), "FINISHED"],
  ["asked to stop, still there", { desired: "STOPPED", createdAtMs: 0 }, status("RUNNING", nowMs - 500), "STOPPING"],
  ["asked to stop, and did", { desired: "STOPPED", createdAtMs: 0 }, status("STOPPED", nowMs - 500), "STOPPED"],
  ["asked to stop, and nobody is there", { desired: "STOPPED", createdAtMs: 0 }, status("RUNNING", 1), "STOPPED"],
] as const)("%s", (_case, wanted, heard, expected) => {
  expect(observeDeployment(wanted, heard, nowMs)).toBe(expected);
});
