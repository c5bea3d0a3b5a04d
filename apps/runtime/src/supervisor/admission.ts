import { isDeepStrictEqual } from "node:util";
import { type DeploymentJob, type DesiredDeployment, deploymentJob, desiredDeployment } from "@millrace/protocol";
import { z } from "zod";

/** Whether a job of the queue may run. */
export type Admission =
  | { readonly kind: "admitted"; readonly job: DeploymentJob; readonly desired: DesiredDeployment["desired"] }
  | { readonly kind: "rejected"; readonly reason: string };

/**
 * A job is run only when it says exactly what the desired state says under its id: whoever can write to the
 * queue alone can run nothing. `desiredText` is the entry of the desired state, null when there is none.
 */
export function admit(jobId: string | undefined, data: unknown, desiredText: string | null): Admission {
  const job = deploymentJob.safeParse(data);
  if (!job.success) return rejected(`its data is not a deployment job: ${words(job.error)}`);
  if (jobId !== job.data.deploymentId) return rejected(`its id is ${jobId ?? "missing"}, but its data says ${job.data.deploymentId}`);
  if (desiredText === null) return rejected(`nobody asked for the deployment ${job.data.deploymentId}`);
  const desired = parseDesired(desiredText);
  if (desired === null) return rejected(`the desired state of ${job.data.deploymentId} is not readable`);
  if (!isDeepStrictEqual(desired.job, job.data)) return rejected(`its data differs from the desired state of ${job.data.deploymentId}`);
  return { kind: "admitted", job: job.data, desired: desired.desired };
}

/** Reads an entry of the desired state; null when it is damaged. */
export function parseDesired(text: string): DesiredDeployment | null {
  try {
    const parsed = desiredDeployment.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

function rejected(reason: string): Admission {
  return { kind: "rejected", reason };
}

function words(error: z.ZodError): string {
  return z.prettifyError(error).replaceAll("\n", " ").slice(0, 300);
}
