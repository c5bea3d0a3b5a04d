import type { Clock } from "@millrace/engine";
import type { DeploymentStatus } from "@millrace/protocol";
import type { ProcessMessage, SupervisorMessage } from "../pipeline-process/process-messages.ts";

/** How a pipeline process ended. `lost`: without a last word. */
export type ChildEnd = Extract<ProcessMessage, { readonly kind: "ended" | "failed" }> | { readonly kind: "lost"; readonly how: string };

/** A pipeline process that was started. */
export interface RunningProcess {
  readonly pid: number | undefined;
  /** Resolves when the process has ended; never rejects. */
  readonly ended: Promise<ChildEnd>;
  send(message: SupervisorMessage): void;
  /** Ends it at once; its last checkpoint is what stays. */
  kill(why: string): void;
}

/** What changes of a status over the life of a deployment. */
export type StatusChange = Partial<Pick<DeploymentStatus, "state" | "problem" | "checkpoint" | "restarts">>;

/** The status of a deployment, written by the one who owns it: the next owner silences this one for good. */
export interface StatusOwner {
  /** Rises with every owner of the deployment's status. */
  readonly owner: number;
  readonly current: DeploymentStatus;
  /** Changes the status and writes it; answers whether this is still the owner. */
  write(change: StatusChange, nowMs: number): Promise<boolean>;
}

/** Where the runner of a deployment says what it does. */
export interface RunnerLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** All that the runner of one deployment needs from the machine that it runs on. */
export interface RunnerHost {
  readonly clock: Clock;
  readonly log: RunnerLog;
  /** A number in [0, 1), for the jitter of restarts. */
  random(): number;
  /**
   * Starts the deployment's process. `restarts`: how often it has been started again before; `owner`: of the status, as
   * only a process of the newest owner may take the pipeline over.
   */
  startProcess(start: { readonly restarts: number; readonly owner: number }, onMessage: (message: ProcessMessage) => void): RunningProcess;
  /** Becomes the owner of the deployment's status. */
  claimStatus(nowMs: number): Promise<StatusOwner>;
  /** Whether a newer deployment of the pipeline has started; the first call is what starts this one. */
  isSuperseded(): Promise<boolean>;
}
