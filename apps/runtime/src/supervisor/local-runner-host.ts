import type { DeploymentJob } from "@millrace/protocol";
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import type { SupervisorMessage } from "../pipeline-process/process-messages.ts";
import { systemClock } from "../system-clock.ts";
import { isSuperseded } from "./deployment-order.ts";
import { StatusWriter } from "./deployment-status.ts";
import { PipelineChild } from "./pipeline-child.ts";
import type { RunnerHost } from "./runner-host.ts";

/** Runs a deployment as a forked process of this machine, with its status and its order in Redis. */
export function createLocalRunnerHost(
  job: DeploymentJob,
  redis: Redis,
  logger: Logger,
  config: Extract<SupervisorMessage, { readonly kind: "start" }>["config"],
): RunnerHost {
  const log = logger.child({ deploymentId: job.deploymentId, pipelineId: job.pipelineId });
  return {
    clock: systemClock,
    log,
    random: Math.random,
    startProcess({ restarts, owner }, onMessage) {
      const child = new PipelineChild({ kind: "start", job, owner, restarts, config }, log, onMessage);
      log.info({ childPid: child.pid }, "pipeline process started");
      return child;
    },
    claimStatus: (nowMs) => StatusWriter.claim(redis, job, nowMs),
    isSuperseded: () => isSuperseded(redis, job.pipelineId, job.deploymentId),
  };
}
