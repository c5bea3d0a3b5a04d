import { deploymentJobName, deploymentJobOptions, deploymentQueue } from "@millrace/protocol";
import { Queue } from "bullmq";
import { log } from "../log.ts";
import type { DeploymentQueue } from "./deployment-queue.ts";

/** The queue over BullMQ. Connects with the first job. */
export function bullDeploymentQueue(redisUrl: string): DeploymentQueue {
  let queue: Queue | undefined;
  const open = (): Queue => {
    if (queue !== undefined) return queue;
    queue = new Queue(deploymentQueue, {
      connection: { url: redisUrl, maxRetriesPerRequest: 1, enableOfflineQueue: true, connectTimeout: 2000 },
    });
    queue.on("error", (error) => log.debug({ reason: error.message }, "the deployment queue lost Redis"));
    return queue;
  };
  return {
    add: async (job) => {
      await open().add(deploymentJobName, job, deploymentJobOptions(job.deploymentId));
    },
    close: async () => {
      await queue?.close();
    },
  };
}
