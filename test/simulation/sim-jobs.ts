import type { ControlMessage, DeploymentJob, DeploymentStatus } from "@millrace/protocol";
import type { StatusChange, StatusOwner } from "@millrace/runtime/supervision";
import type { Scheduler } from "./scheduler.ts";
import type { SimProcess } from "./sim-process.ts";

/** A deployment: its job, who holds it, and how it says it is. */
export interface SimDeployment {
  readonly job: DeploymentJob;
  /** What the web server wants. */
  desired: "RUNNING" | "STOPPED";
  /** Hands a control message to whoever runs it. */
  control: ((message: ControlMessage) => void) | null;
  holder: SimProcess | null;
  heldUntilMs: number;
  /** A runtime that is given the job although another one holds it. */
  extra: boolean;
  /** Its job is no longer in the queue: the reconciler has to bring it back. */
  lost: boolean;
  owner: number;
  status: DeploymentStatus | null;
  /** In the order in which deployments of the pipeline have started; 0 = not yet. */
  order: number;
}

const lockMs = 5000;

/** The queue of deployments with its locks, the order of deployments, and their statuses. */
export class SimJobs {
  readonly #scheduler: Scheduler;
  readonly deployments = new Map<string, SimDeployment>();
  #lastOrder = 0;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  /** A new deployment; older ones are to stop. */
  add(job: DeploymentJob): void {
    for (const older of this.deployments.values()) {
      older.desired = "STOPPED";
      this.#scheduler.after(20, () => older.control?.({ kind: "stop", drain: false }));
    }
    const deployment: SimDeployment = {
      job,
      desired: "RUNNING",
      control: null,
      holder: null,
      heldUntilMs: 0,
      extra: false,
      lost: false,
      owner: 0,
      status: null,
      order: 0,
    };
    this.deployments.set(job.deploymentId, deployment);
    this.#scheduler.say(() => `deployment ${job.deploymentId} of version ${job.version}`);
  }

  /** Gives the process a job that nobody holds, or one too many. */
  take(process: SimProcess, running: ReadonlySet<string>): SimDeployment | null {
    for (const deployment of this.deployments.values()) {
      if (isDone(deployment) || deployment.lost || running.has(deployment.job.deploymentId)) continue;
      if (deployment.heldUntilMs > this.#scheduler.nowMs) {
        if (!deployment.extra) continue;
        deployment.extra = false;
        this.#scheduler.say(() => `${process.name} is given ${deployment.job.deploymentId} as well`);
        return deployment;
      }
      deployment.holder = process;
      deployment.heldUntilMs = this.#scheduler.nowMs + lockMs;
      this.#scheduler.say(() => `${process.name} takes ${deployment.job.deploymentId}`);
      return deployment;
    }
    return null;
  }

  /** The queue forgets the job of a deployment; who holds it hears of that as it renews its lock. */
  lose(deployment: SimDeployment): void {
    deployment.lost = true;
    deployment.holder = null;
    deployment.heldUntilMs = 0;
    this.#scheduler.say(() => `the job of ${deployment.job.deploymentId} is lost`);
  }

  /** Gives a job to what should run and has none, as the reconciler of a runtime does every few seconds. */
  reconcile(by: SimProcess): void {
    for (const deployment of this.deployments.values()) {
      if (!deployment.lost) continue;
      deployment.lost = false;
      this.#scheduler.say(() => `${by.name} gives ${deployment.job.deploymentId} a job again`);
    }
  }

  renew(deployment: SimDeployment, process: SimProcess): boolean {
    if (deployment.holder !== process) return false;
    deployment.heldUntilMs = this.#scheduler.nowMs + lockMs;
    return true;
  }

  /** The job is over, or goes back to the queue when its status is not a last one. Only its holder can say so. */
  release(deployment: SimDeployment, process: SimProcess): void {
    if (deployment.holder !== process) return;
    deployment.holder = null;
    deployment.heldUntilMs = 0;
  }

  /** Whether a later deployment has started; the first call is what starts this one. */
  isSuperseded(deployment: SimDeployment): boolean {
    if (deployment.order === 0) deployment.order = ++this.#lastOrder;
    return deployment.order < this.#lastOrder;
  }

  /** Whether a later deployment than this one has started, or a later owner has it; what is no deployment is never older. */
  isOlder(deploymentId: string, owner: number | null): boolean {
    const deployment = this.deployments.get(deploymentId);
    if (deployment === undefined) return false;
    return (owner !== null && owner !== deployment.owner) || (deployment.order > 0 && deployment.order < this.#lastOrder);
  }

  claimStatus(deployment: SimDeployment, nowMs: number): { readonly owner: number; readonly status: DeploymentStatus } {
    const { job, status: before } = deployment;
    const owner = ++deployment.owner;
    const { deploymentId, pipelineId, version } = job;
    const carried = { checkpoint: before?.checkpoint ?? 0, restarts: before?.restarts ?? 0, startedAtMs: before?.startedAtMs ?? nowMs };
    return { owner, status: { deploymentId, pipelineId, version, state: "DEPLOYING", problem: null, ...carried, updatedAtMs: nowMs } };
  }

  writeStatus(deployment: SimDeployment, owner: number, status: DeploymentStatus): boolean {
    if (deployment.owner !== owner) return false;
    deployment.status = status;
    this.#scheduler.say(() => `status of ${status.deploymentId}: ${status.state} ${status.problem?.code ?? ""}`);
    return true;
  }

  get allDone(): boolean {
    return [...this.deployments.values()].every(isDone);
  }
}

/** Nobody has its job, and nobody is going to be given it. */
function isDone({ holder, status }: SimDeployment): boolean {
  return holder === null && (status?.state === "FAILED" || status?.state === "STOPPED" || status?.state === "FINISHED");
}

/** The status of a deployment as its owner writes it from a process; what is unclear is tried again. */
export async function claimSimStatus(jobs: SimJobs, deployment: SimDeployment, process: SimProcess, nowMs: number): Promise<StatusOwner> {
  const claimed = await untilClear(process, () => process.call("status.claim", () => jobs.claimStatus(deployment, nowMs)));
  let { status } = claimed;
  // One connection: what is written first arrives first.
  let last: Promise<boolean> = Promise.resolve(true);
  return {
    owner: claimed.owner,
    get current() {
      return status;
    },
    write(change: StatusChange, atMs: number) {
      status = { ...status, ...change, updatedAtMs: atMs };
      const written = status;
      const write = (): Promise<boolean> => process.call("status.write", () => jobs.writeStatus(deployment, claimed.owner, written));
      last = last.then(() => untilClear(process, write));
      return last;
    },
  };
}

/** Repeats what is safe to repeat, as a client does that waits for its connection. */
export async function untilClear<T>(process: SimProcess, action: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await action();
    } catch {
      await process.clock.sleep(50);
    }
  }
}
