import type { ChildProcess } from "node:child_process";
import type { DeploymentJob } from "@millrace/protocol";
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import type { SupervisorMessage } from "../pipeline-process/process-messages.ts";
import { systemClock } from "../system-clock.ts";
import { isSuperseded } from "./deployment-order.ts";
import { StatusWriter } from "./deployment-status.ts";
import { PipelineChild } from "./pipeline-child.ts";
import type { RunnerHost } from "./runner-host.ts";

/** Runs a deployment as a process of this machine that `fork` gives, with its status and its order in Redis. */
export function createLocalRunnerHost(
  job: DeploymentJob,
  redis: Redis,
  logger: Logger,
  config: Extract<SupervisorMessage, { readonly kind: "start" }>["config"],
  fork: () => ChildProcess,
): RunnerHost {
  const log = logger.child({ deploymentId: job.deploymentId, pipelineId: job.pipelineId });
  return {
    clock: systemClock,
    log,
    random: Math.random,
    startProcess({ restarts, owner }, onMessage) {
      const child = new PipelineChild(fork(), { kind: "start", job, owner, restarts, config }, log, onMessage);
      log.info({ childPid: child.pid }, "pipeline process started");
      return child;
    },
    claimStatus: (nowMs) => StatusWriter.claim(redis, job, nowMs),
    isSuperseded: () => isSuperseded(redis, job.pipelineId, job.deploymentId),
  };
}
