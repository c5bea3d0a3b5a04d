import { type CheckpointStore, createMemoryCheckpointStore, type DeadLetter } from "@millrace/engine";
import { createFileCheckpointStore } from "../checkpoint/file-checkpoint-store.ts";
import { createRedisCheckpointStore } from "../checkpoint/redis-checkpoint-store.ts";
import type { ConnectorHost } from "../connectors/connector-host.ts";
import { createEgressPolicy } from "../connectors/egress-policy.ts";
import { createOpenFileAccess } from "../connectors/file-access.ts";
import { secretFromEnv } from "../connectors/secret-from-env.ts";
import { splitRecords } from "../connectors/split-records.ts";
import type { LoadedPipeline } from "../load-pipeline.ts";
import { reachRedis } from "../redis/reach-redis.ts";
import { CliError, exitCodes } from "./exit-codes.ts";
import type { Output } from "./output.ts";
import type { RunOptions } from "./run-options.ts";

/** What a run on the command line has around it. */
export interface RunHost {
  readonly store: CheckpointStore;
  readonly connectors: ConnectorHost;
  /** Rows of live tables and alert inboxes, when they were collected instead of printed. */
  rows(): { readonly rows?: Readonly<Record<string, readonly unknown[]>> };
  close(): Promise<void>;
}

const collectedRows = 10_000;

/** Opens checkpoints and connectors as the options say. Throws a `CliError` when Redis cannot be reached. */
export async function openRunHost(loaded: LoadedPipeline, options: RunOptions, output: Output): Promise<RunHost> {
  const redis = options.redis === null ? null : await reachRedis(options.redis).catch(unreachable);
  const store = await openStore();
  const nodeOf = new Map(loaded.plan.steps.map((step) => [step.id, step.node]));
  const collected = new Map<string, unknown[]>();
  const durable = options.checkpoints !== null || redis !== null;
  const connectors: ConnectorHost = {
    files: createOpenFileAccess(process.env.MILLRACE_FILES ?? process.cwd()),
    redis,
    egress: createEgressPolicy(process.env.MILLRACE_EGRESS_ALLOW ?? ""),
    secret: secretFromEnv(process.env),
    onNotice: (notice) => output.note(`${notice.code}: ${notice.message}`),
    onDeadLetters: (sinkId, letters) => noteDeadLetters(nodeOf.get(sinkId) ?? sinkId, letters, output),
    onRows: (sinkId, bytes) => {
      if (options.json) collect(collected, nodeOf.get(sinkId) ?? sinkId, bytes);
      else output.records(bytes);
    },
    outputs: options.overwrite ? "overwrite" : durable ? "durable" : "ephemeral",
  };
  return {
    store,
    connectors,
    rows: () => (collected.size === 0 ? {} : { rows: Object.fromEntries(collected) }),
    async close() {
      await store.close();
      redis?.disconnect();
    },
  };

  async function openStore(): Promise<CheckpointStore> {
    if (options.checkpoints !== null) return await createFileCheckpointStore(options.checkpoints, loaded.plan.pipelineId);
    if (redis !== null) return createRedisCheckpointStore(redis, loaded.plan.pipelineId, "command-line");
    return createMemoryCheckpointStore();
  }
}

function collect(collected: Map<string, unknown[]>, node: string, bytes: Uint8Array): void {
  const rows = collected.get(node) ?? [];
  for (const record of splitRecords(bytes, collectedRows)) if (rows.length < collectedRows) rows.push(JSON.parse(record.toString()));
  collected.set(node, rows);
}

function noteDeadLetters(node: string, letters: readonly DeadLetter[], output: Output): void {
  const [first] = letters;
  if (first !== undefined) output.note(`${letters.length} dead letters of ${node}: ${first.reason}`);
}

function unreachable(cause: unknown): never {
  throw new CliError(exitCodes.failure, cause instanceof Error ? cause.message : String(cause));
}
