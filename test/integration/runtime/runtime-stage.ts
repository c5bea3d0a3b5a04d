import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testServices } from "../../services/test-services.ts";
import { type CountedEvent, writeEvents } from "./counted-events.ts";
import { Deployments } from "./deployments.ts";
import { type RuntimeUnderTest, startRuntime } from "./runtime-under-test.ts";

/** What a file of runtime tests plays on: a Redis database of its own, a data folder, any number of runtimes. */
export interface RuntimeStage {
  readonly deployments: Deployments;
  /** Folder in which pipelines read and write. */
  readonly files: string;
  startRuntime(env?: Readonly<Record<string, string>>): Promise<RuntimeUnderTest>;
  /** Ends everything that is still there. */
  close(): Promise<void>;
}

/** `database`: number of the Redis database, different for every test file. */
export async function createRuntimeStage(database: number, events: readonly CountedEvent[]): Promise<RuntimeStage> {
  const dataPath = await mkdtemp(join(tmpdir(), "millrace-runtime-"));
  const files = join(dataPath, "files");
  const redisUrl = `${testServices().redisUrl}/${database}`;
  const deployments = new Deployments(redisUrl);
  await deployments.redis.flushdb();
  await writeEvents(join(files, "events.ndjson"), events);
  const runtimes: RuntimeUnderTest[] = [];
  return {
    deployments,
    files,
    async startRuntime(env = {}) {
      const runtime = await startRuntime({ redisUrl, dataPath, env });
      runtimes.push(runtime);
      return runtime;
    },
    async close() {
      for (const runtime of runtimes) {
        runtime.kill("SIGCONT");
        runtime.kill("SIGKILL");
      }
      await deployments.redis.flushdb();
      await deployments.close();
      await rm(dataPath, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}
