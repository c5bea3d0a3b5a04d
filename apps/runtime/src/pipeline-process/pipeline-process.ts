import { type ConnectorRegistry, createPipelineRun, type PipelineRun, type RunEvent, type StopRequest } from "@millrace/engine";
import { generatorConnectors } from "@millrace/nodes";
import { problemCodes, type RehearsedFailure } from "@millrace/protocol";
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import { nativeChunks } from "../checkpoint/native-chunks.ts";
import { checkpointDeployment, createRedisCheckpointStore } from "../checkpoint/redis-checkpoint-store.ts";
import type { ConnectorHost } from "../connectors/connector-host.ts";
import { createConnectorRegistry } from "../connectors/connector-registry.ts";
import { createEgressPolicy } from "../connectors/egress-policy.ts";
import { createGuardedFileAccess } from "../connectors/file-access.ts";
import { createDeadLetterSink } from "../connectors/redis-rows-sink.ts";
import { replayedSources } from "../connectors/replayed-sources.ts";
import { secretFromEnv } from "../connectors/secret-from-env.ts";
import { type LoadedPipeline, loadPipeline } from "../load-pipeline.ts";
import { connectRedis } from "../redis/connect-redis.ts";
import { openRunState } from "../state/run-state.ts";
import { systemClock } from "../system-clock.ts";
import { createThreadWorkers } from "../workers/thread-workers.ts";
import { failedMessage } from "./failed-message.ts";
import { atRest, FrameBuilder } from "./frame-builder.ts";
import { createProcessLogger } from "./process-logger.ts";
import type { ProcessMessage, SupervisorMessage } from "./process-messages.ts";
import { Rehearsal } from "./rehearsal.ts";
import { Telemetry } from "./telemetry.ts";

const frameEveryMs = 250;

export type StartMessage = Extract<SupervisorMessage, { readonly kind: "start" }>;

/** Runs one deployment in this process and tells the supervisor how it goes. */
export class PipelineProcess {
  readonly #start: StartMessage;
  readonly #tell: (message: ProcessMessage) => void;
  readonly #logger: Logger;
  readonly #telemetry: Telemetry;
  readonly #redis: Redis;
  readonly #rehearsal = new Rehearsal(systemClock);
  #run: PipelineRun | null = null;
  #nodeOf: ReadonlyMap<string, string> = new Map();
  /** A stop that came before there was a run. */
  #stopRequest: StopRequest | null = null;

  constructor(start: StartMessage, tell: (message: ProcessMessage) => void) {
    const { job, config } = start;
    this.#start = start;
    this.#tell = tell;
    const bindings = { deploymentId: job.deploymentId, pipelineId: job.pipelineId, version: job.version };
    const quiet = createProcessLogger(config.logLevel, bindings, () => {});
    const telemetry = new Telemetry(connectRedis(config.redisUrl, "telemetry", quiet, { enableOfflineQueue: false }), job);
    this.#telemetry = telemetry;
    this.#logger = createProcessLogger(config.logLevel, bindings, (line) => telemetry.logLine(line));
    this.#redis = connectRedis(config.redisUrl, "pipeline", this.#logger);
  }

  get logger(): Logger {
    return this.#logger;
  }

  stop(request: StopRequest): void {
    this.#stopRequest = request;
    this.#run?.stop(request);
  }

  savepoint(name: string): void {
    this.#run?.savepoint(name);
  }

  rehearse(failure: RehearsedFailure): void {
    this.#logger.warn({ failure }, "a failure is rehearsed");
    this.#rehearsal.begin(failure);
  }

  checkpoint(): void {
    this.#run?.checkpointNow();
  }

  /** Runs to the end; answers the last message for the supervisor. */
  async run(): Promise<ProcessMessage> {
    const alive = setInterval(() => this.#tell({ kind: "alive" }), 1000);
    try {
      const loaded = loadPipeline(this.#start.job.pipeline);
      if (!loaded.ok) return this.#invalid(loaded.diagnostics);
      return await this.#runLoaded(loaded.value);
    } catch (cause) {
      return this.#failed(cause);
    } finally {
      clearInterval(alive);
    }
  }

  async #runLoaded(loaded: LoadedPipeline): Promise<ProcessMessage> {
    const { job } = this.#start;
    if (loaded.plan.pipelineId !== job.pipelineId) return this.#wrongPipeline(loaded.plan.pipelineId);
    this.#nodeOf = new Map(loaded.plan.steps.map((step) => [step.id, step.node]));
    // `empty` means once: after the deployment's own first checkpoint, a restart goes on from there.
    const begun = (await checkpointDeployment(this.#redis, job.pipelineId)) === job.deploymentId;
    const state = await openRunState(loaded.document.pipeline.settings.state, job.pipelineId);
    const run = createPipelineRun({
      ...(state === undefined ? {} : { state }),
      plan: loaded.plan,
      graphHash: loaded.graphHash,
      checkpointIntervalMs: loaded.document.pipeline.settings.checkpointIntervalMs,
      delivery: loaded.document.pipeline.settings.delivery,
      parallelism: loaded.document.pipeline.settings.parallelism,
      workers: createThreadWorkers(),
      connectors: this.#connectors(),
      store: createRedisCheckpointStore(this.#redis, job.pipelineId, job.deploymentId, this.#start.owner),
      clock: systemClock,
      startFrom: begun || job.savepoint === undefined ? (begun ? "latest" : job.startFrom) : { checkpoint: job.savepoint },
      ...nativeChunks,
      onEvent: (event) => this.#onEvent(event),
    });
    this.#run = run;
    if (this.#stopRequest !== null) run.stop(this.#stopRequest);
    const frames = this.#sendFrames(run);
    try {
      const outcome = await run.run();
      this.#logger.info({ outcome, checkpoint: run.metrics().checkpoint.number }, `pipeline ${outcome}`);
      return { kind: "ended", outcome, checkpoint: run.metrics().checkpoint.number };
    } finally {
      frames.end();
    }
  }

  #connectors(): ConnectorRegistry {
    const { config, job } = this.#start;
    const host: ConnectorHost = {
      files: createGuardedFileAccess(config.fileFolders),
      redis: this.#redis,
      egress: createEgressPolicy(config.egressAllow),
      secret: secretFromEnv(process.env),
      onNotice: (notice) => this.#logger.warn({ code: notice.code }, notice.message),
      onDeadLetters: (sinkId, letters) => this.#run?.addDeadLetters(this.#nodeOf.get(sinkId) ?? sinkId, letters),
      onRows: () => {},
      outputs: "durable",
    };
    const registry = createConnectorRegistry(host, generatorConnectors);
    return {
      ...registry,
      sources: this.#rehearsal.over(replayedSources(registry.sources, this.#redis)),
      deadLetters: createDeadLetterSink(host, job.deploymentId),
    };
  }

  #sendFrames(run: PipelineRun): { end(): void } {
    const { job, restarts } = this.#start;
    const builder = new FrameBuilder({ deploymentId: job.deploymentId, pipelineId: job.pipelineId, version: job.version, restarts });
    const send = (ended = false): void => {
      const built = builder.build(run.metrics(), systemClock.monotonic(), systemClock.now());
      const frame = ended ? atRest(built) : built;
      this.#telemetry.frame(frame);
      this.#tell({ kind: "frame", frame });
    };
    const timer = setInterval(() => send(), frameEveryMs);
    return {
      end() {
        clearInterval(timer);
        send(true);
      },
    };
  }

  #onEvent(event: RunEvent): void {
    switch (event.kind) {
      case "restored":
        this.#logger.info({ checkpoint: event.checkpoint, fencingToken: event.fencingToken }, "restored from a checkpoint");
        this.#tell({ kind: "running", checkpoint: event.checkpoint });
        return;
      case "started-empty":
        this.#logger.info({ fencingToken: event.fencingToken }, "started empty");
        this.#tell({ kind: "running", checkpoint: 0 });
        return;
      case "sink-problem": {
        const node = this.#nodeOf.get(event.sink) ?? event.sink;
        if (event.problem === null) this.#logger.info({ node }, "the sink works again");
        else this.#logger.warn({ node, code: event.problem.code }, event.problem.message);
        this.#tell({ kind: "sink-problem", node, problem: event.problem });
        return;
      }
      case "savepoint":
        this.#logger.info({ checkpoint: event.checkpoint, savepoint: event.name }, "savepoint taken");
        return;
      case "state-discarded":
        this.#logger.warn({ step: event.step }, `state is left out: ${event.reason}`);
        return;
      case "state-migrated":
        this.#logger.info({ step: event.step }, `state is carried over: ${event.reason}`);
        return;
      case "checkpoint-committed":
        this.#logger.debug({ checkpoint: event.checkpoint, durationMs: event.durationMs, stateBytes: event.bytes }, "checkpoint");
        return;
      case "delivered":
      case "dead-letters":
        return;
    }
  }

  #invalid(
    diagnostics: readonly { readonly code: string; readonly message: string; readonly place: { readonly node?: string } }[],
  ): ProcessMessage {
    const [first] = diagnostics;
    const message = first === undefined ? "The pipeline cannot be run." : `${first.code}: ${first.message}`;
    this.#logger.error({ diagnostics }, "the pipeline cannot be run");
    return {
      kind: "failed",
      code: problemCodes.pipelineInvalid,
      message,
      node: first?.place.node ?? null,
      retryable: false,
      fenced: false,
    };
  }

  #wrongPipeline(found: string): ProcessMessage {
    const message = `The deployment is of pipeline ${this.#start.job.pipelineId}, but its document is pipeline ${found}.`;
    return { kind: "failed", code: problemCodes.pipelineInvalid, message, node: null, retryable: false, fenced: false };
  }

  #failed(cause: unknown): ProcessMessage {
    const message = failedMessage(cause);
    this.#logger.error({ code: message.code, node: message.node, err: message.fenced ? undefined : cause }, message.message);
    return message;
  }
}
