import type { DeploymentJob } from "@millrace/protocol";

/** Hands deployments to the runtimes. */
export interface DeploymentQueue {
  /** Adds the deployment's job; nothing happens when it has one already. Rejects when Redis is away. */
  add(job: DeploymentJob): Promise<void>;
  close(): Promise<void>;
}
