import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedKafka } from "@millrace/scripts/embedded-kafka";
import { missingForKafka } from "@millrace/scripts/kafka-jars";
import { takeDataFolder } from "@millrace/scripts/start-services";

/** A real broker for a test. */
export interface TestKafka {
  readonly brokers: string;
  kill(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Why there is no Kafka for tests here; null when there is. In CI its absence is an error. */
export function kafkaIsMissing(): string | null {
  const missing = missingForKafka();
  if (missing !== null && process.env.CI === "true")
    throw new Error(`CI needs Kafka: ${missing} is not on the PATH. Debian: apt-get install openjdk-17-jre-headless maven`);
  return missing === null ? null : `${missing} is not on the PATH`;
}

/** Starts a broker with an empty data folder. */
export async function startTestKafka(): Promise<TestKafka> {
  const dataDir = await mkdtemp(join(tmpdir(), "millrace-kafka-"));
  const { folder, release } = await takeDataFolder(dataDir);
  const service = await startEmbeddedKafka(folder);
  let running = service.process;
  const kill = async (): Promise<void> => {
    if (!running.hasEnded()) process.kill(running.pid, "SIGKILL");
    await running.ended;
  };
  return {
    brokers: service.url,
    kill,
    async restart() {
      running = await service.restart();
    },
    async stop() {
      await kill();
      await release();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
