import { type ControlMessage, type DeploymentJob, type DeploymentStatus, type MetricsFrame, problemCodes } from "@millrace/protocol";
import type { ProcessMessage } from "../pipeline-process/process-messages.ts";
import { retryDelayMs } from "../retry-delay.ts";
import type { ChildEnd, RunnerHost, RunningProcess, StatusChange, StatusOwner } from "./runner-host.ts";

/** How a supervisor's work on a deployment ended. */
export type RunnerOutcome =
  /** Its state is terminal: the job is done. */
  | "done"
  /** This runtime shuts down: the job goes back to the queue. */
  | "released"
  /** Another supervisor has the job. */
  | "lost";

type StopRequest = Omit<Extract<ControlMessage, { readonly kind: "stop" }>, "kind">;
type Problem = NonNullable<DeploymentStatus["problem"]>;

const backOff = { firstMs: 500, mostMs: 30_000 };
/** After this long without a failure the back-off starts over. */
const healthyMs = 60_000;
/** Also after this many checkpoints since it started: whatever ended it then is not what ends it at each start. */
const healthyCheckpoints = 2;
const refreshEveryMs = 2000;
/** How long a stop may take before the process is killed; draining fires windows and may take longer. */
const stopTimeoutMs = 10_000;
const drainTimeoutMs = 60_000;
const releaseTimeoutMs = 2000;

/** Keeps one deployment running: starts its process, restarts it with back-off, and says how it is. */
export class DeploymentRunner {
  readonly job: DeploymentJob;
  readonly #host: RunnerHost;
  readonly #wake = new AbortController();
  #status: StatusOwner | null = null;
  #child: RunningProcess | null = null;
  #frame: MetricsFrame | null = null;
  readonly #sinkProblems = new Map<string, Problem>();
  #stopping: StopRequest | null = null;
  #releasing = false;
  #lost = false;
  #superseded = false;
  #refreshing = false;
  #killTimer = new AbortController();
  #failures = 0;
  #runningSince: number | null = null;
  /** Number of the checkpoint from which the process started. */
  #startedFrom = 0;

  constructor(job: DeploymentJob, host: RunnerHost) {
    this.job = job;
    this.#host = host;
  }

  get status(): DeploymentStatus | null {
    return this.#status?.current ?? null;
  }

  /** The newest frame; null before the first. */
  get frame(): MetricsFrame | null {
    return this.#frame;
  }

  get childPid(): number | undefined {
    return this.#child?.pid;
  }

  /** Runs until the deployment is in a terminal state, released or lost. `desired` is what the web server wants as of now. */
  async run(desired: "RUNNING" | "STOPPED", signal: AbortSignal): Promise<RunnerOutcome> {
    const lose = (): void => this.#lose();
    signal.addEventListener("abort", lose, { once: true });
    if (signal.aborted) this.#lose();
    try {
      this.#status = await this.#host.claimStatus(this.#host.clock.now());
      if (desired === "STOPPED") return await this.#finish("STOPPED", null);
      if (await this.#host.isSuperseded()) return await this.#standDown();
      const refreshing = new AbortController();
      void this.#refreshUntil(refreshing.signal);
      try {
        return await this.#keepRunning();
      } finally {
        refreshing.abort();
      }
    } finally {
      signal.removeEventListener("abort", lose);
    }
  }

  /** Does what a control message asks. */
  control(message: ControlMessage): void {
    if (message.kind === "stop") this.#stop(message);
    else if (message.kind === "rehearse" && message.failure === "kill") this.#child?.kill("a failure was rehearsed");
    else this.#child?.send(message);
  }

  /** The runtime shuts down: a last checkpoint, then the job goes back. */
  release(): void {
    if (this.#releasing) return;
    this.#releasing = true;
    this.#endChild({ drain: false }, releaseTimeoutMs, "the runtime is shutting down");
  }

  async #keepRunning(): Promise<RunnerOutcome> {
    for (;;) {
      // Whoever is not the owner any more must not start a process: it would fence that of the one who is.
      if (!(await this.#write(this.#failures === 0 ? { state: "DEPLOYING", problem: null } : {}))) this.#lose();
      else if (await this.#host.isSuperseded()) this.#superseded = true;
      if (this.#ending) return await this.#endWithoutChild();
      const end = await this.#runChild();
      const outcome = await this.#afterChild(end);
      if (outcome !== null) return outcome;
    }
  }

  get #ending(): boolean {
    return this.#lost || this.#superseded || this.#releasing || this.#stopping !== null;
  }

  async #runChild(): Promise<ChildEnd> {
    this.#sinkProblems.clear();
    this.#runningSince = null;
    const start = { restarts: this.#status?.current.restarts ?? 0, owner: this.#status?.owner ?? 0 };
    const child = this.#host.startProcess(start, (message) => this.#receive(message));
    this.#child = child;
    const end = await child.ended;
    this.#killTimer.abort();
    this.#child = null;
    return end;
  }

  /** Decides what the end of the process means; null: start it again. */
  async #afterChild(end: ChildEnd): Promise<RunnerOutcome | null> {
    if (this.#lost) return "lost";
    if (this.#superseded) return await this.#standDown();
    if (end.kind === "ended") {
      await this.#write({ checkpoint: end.checkpoint });
      if (end.outcome === "finished") return await this.#finish("FINISHED", null);
    }
    if (end.kind === "failed" && end.fenced) return await this.#fenced(end);
    if (this.#stopping !== null) return await this.#finish("STOPPED", end.kind === "ended" ? null : problemOf(end));
    if (this.#releasing) return await this.#released();
    if (end.kind === "failed" && !end.retryable) return await this.#finish("FAILED", problemOf(end));
    return await this.#backOff(end);
  }

  /** A newer deployment, another owner of this one, or somebody else altogether (a run on the command line). */
  async #fenced(end: Extract<ChildEnd, { readonly kind: "failed" }>): Promise<RunnerOutcome> {
    if (await this.#host.isSuperseded()) return await this.#standDown();
    return await this.#finish(this.#stopping === null ? "FAILED" : "STOPPED", problemOf(end));
  }

  get #wasHealthy(): boolean {
    if (this.#runningSince === null) return false;
    const progress = (this.#frame?.checkpoint.number ?? 0) - this.#startedFrom;
    return progress >= healthyCheckpoints || this.#host.clock.monotonic() - this.#runningSince >= healthyMs;
  }

  async #backOff(end: ChildEnd): Promise<RunnerOutcome | null> {
    const first = this.#wasHealthy;
    this.#failures = first ? 1 : this.#failures + 1;
    const delayMs = first ? 0 : retryDelayMs(this.#failures, backOff, this.#host.random());
    const problem = problemOf(end);
    this.#host.log.warn({ ...problem, delayMs: Math.round(delayMs) }, "the pipeline is restarted");
    const restarts = (this.#status?.current.restarts ?? 0) + 1;
    if (!(await this.#write({ state: "RESTARTING", problem, restarts }))) {
      this.#lose();
      return "lost";
    }
    if (delayMs > 0) await this.#host.clock.sleep(delayMs, this.#wake.signal);
    return null;
  }

  async #endWithoutChild(): Promise<RunnerOutcome> {
    if (this.#lost) return "lost";
    if (this.#superseded) return await this.#standDown();
    if (this.#stopping !== null) return await this.#finish("STOPPED", null);
    return await this.#released();
  }

  async #finish(state: "FAILED" | "STOPPED" | "FINISHED", problem: Problem | null): Promise<RunnerOutcome> {
    this.#host.log.info({ state, problem }, "deployment ended");
    return (await this.#write({ state, problem })) ? "done" : "lost";
  }

  #standDown(): Promise<RunnerOutcome> {
    const message = "A newer deployment of this pipeline has taken over.";
    return this.#finish("STOPPED", { code: problemCodes.superseded, message, node: null });
  }

  async #released(): Promise<RunnerOutcome> {
    const message = "The runtime was shut down; the next one goes on from the last checkpoint.";
    await this.#write({ state: "RESTARTING", problem: { code: problemCodes.runtimeStopped, message, node: null } });
    return "released";
  }

  #receive(message: ProcessMessage): void {
    switch (message.kind) {
      case "running":
        this.#runningSince = this.#host.clock.monotonic();
        this.#startedFrom = message.checkpoint;
        this.#show({ checkpoint: message.checkpoint, ...this.#liveState() });
        return;
      case "sink-problem":
        if (message.problem === null) this.#sinkProblems.delete(message.node);
        else this.#sinkProblems.set(message.node, { ...message.problem, node: message.node });
        this.#show(this.#liveState());
        return;
      case "frame":
        this.#frame = message.frame;
        return;
      case "alive":
      case "ended":
      case "failed":
        return;
    }
  }

  /** RUNNING or DEGRADED by the sinks; nothing while the deployment is not running or is about to end. */
  #liveState(): StatusChange {
    const [problem] = this.#sinkProblems.values();
    if (this.#ending) return {};
    if (this.#runningSince === null) return problem === undefined ? {} : { problem };
    return problem === undefined ? { state: "RUNNING", problem: null } : { state: "DEGRADED", problem };
  }

  async #refreshUntil(signal: AbortSignal): Promise<void> {
    for (;;) {
      await this.#host.clock.sleep(refreshEveryMs, signal);
      if (signal.aborted) return;
      this.#refreshOnce();
    }
  }

  /** While Redis is away, one refresh waits and no more. */
  #refreshOnce(): void {
    if (this.#refreshing) return;
    this.#refreshing = true;
    this.#refresh()
      .catch((cause: unknown) => this.#host.log.error({ err: cause }, "the status could not be refreshed"))
      .finally(() => {
        this.#refreshing = false;
      });
  }

  /** Says again how it is, so that everybody sees that there is an owner, and notices newer deployments. */
  async #refresh(): Promise<void> {
    if (this.#lost) return;
    const checkpoint = this.#frame?.checkpoint.number ?? 0;
    const before = this.#status?.current.checkpoint ?? 0;
    if (!(await this.#write({ checkpoint: Math.max(before, checkpoint) }))) return this.#lose();
    if (this.#superseded || !(await this.#host.isSuperseded())) return;
    this.#superseded = true;
    this.#host.log.info({}, "a newer deployment of this pipeline has started");
    this.#endChild({ drain: false }, stopTimeoutMs, "it did not stop in time");
  }

  #stop({ drain, savepoint }: StopRequest): void {
    if (this.#stopping !== null || this.#lost) return;
    this.#stopping = { drain, ...(savepoint === undefined ? {} : { savepoint }) };
    this.#host.log.info(this.#stopping, "stopping");
    this.#show({ state: "STOPPING", problem: null });
    this.#endChild(this.#stopping, drain ? drainTimeoutMs : stopTimeoutMs, "it did not stop in time");
  }

  #endChild(request: StopRequest, timeoutMs: number, why: string): void {
    this.#wake.abort();
    const child = this.#child;
    if (child === null) return;
    child.send({ kind: "stop", ...request });
    this.#killTimer.abort();
    const timer = new AbortController();
    this.#killTimer = timer;
    void this.#host.clock.sleep(timeoutMs, timer.signal).then(() => {
      if (!timer.signal.aborted) child.kill(why);
    });
  }

  #lose(): void {
    if (this.#lost) return;
    this.#lost = true;
    this.#host.log.warn({}, "the job is no longer this runtime's: its pipeline process is ended");
    this.#wake.abort();
    this.#child?.kill("another runtime has the job");
  }

  #show(change: StatusChange): void {
    this.#write(change).catch((cause: unknown) => this.#host.log.error({ err: cause }, "the status could not be written"));
  }

  async #write(change: StatusChange): Promise<boolean> {
    if (this.#status === null) return false;
    return await this.#status.write(change, this.#host.clock.now());
  }
}

function problemOf(end: ChildEnd): Problem {
  if (end.kind === "failed") return { code: end.code, message: end.message, node: end.node };
  const how = end.kind === "lost" ? end.how : `it stopped by itself at checkpoint ${end.checkpoint}`;
  const code = how.startsWith("it had not answered") ? problemCodes.processUnresponsive : problemCodes.processLost;
  return { code, message: `The process of the pipeline is gone: ${how}.`, node: null };
}
