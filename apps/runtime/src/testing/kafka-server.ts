import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedKafka } from "@millrace/scripts/embedded-kafka";
import { missingForKafka } from "@millrace/scripts/kafka-jars";
import { chooseFreePort } from "@millrace/scripts/ports";
import { makeSecuredListener, type SecuredListener } from "@millrace/scripts/secured-listener";
import { takeDataFolder } from "@millrace/scripts/start-services";

/** A Kafka broker for tests. */
export interface TestKafka {
  readonly brokers: string;
  /** An encrypted listener with a user; null with brokers of one's own. */
  readonly secured: SecuredListener | null;
  /** Ends the broker at once; its data stays. Not with brokers of one's own. */
  kill(): Promise<void>;
  /** Starts it again after `kill`. */
  restart(): Promise<void>;
  /** Ends the broker and removes its data. */
  stop(): Promise<void>;
}

/** Why there is no Kafka for tests here, as words; null when there is one. In CI its absence is an error. */
export function kafkaIsMissing(): string | null {
  if ((process.env.KAFKA_BROKERS ?? "") !== "") return null;
  const missing = missingForKafka();
  if (missing === null) return null;
  if (process.env.CI === "true")
    throw new Error(
      `CI needs Kafka: ${missing} is not on the PATH, and KAFKA_BROKERS is not set. Debian: apt-get install openjdk-17-jre-headless maven`,
    );
  return `${missing} is not on the PATH, and KAFKA_BROKERS is not set`;
}

/** The brokers that KAFKA_BROKERS names, or a real one that is started with an empty data folder. */
export async function startTestKafka(): Promise<TestKafka> {
  const own = process.env.KAFKA_BROKERS ?? "";
  if (own !== "") {
    const notOurs = (): Promise<never> => Promise.reject(new Error("the brokers of KAFKA_BROKERS are not ours to kill"));
    return { brokers: own, secured: null, kill: notOurs, restart: notOurs, stop: async () => {} };
  }
  const dataDir = await mkdtemp(join(tmpdir(), "millrace-kafka-"));
  const { folder, release } = await takeDataFolder(dataDir);
  const secured = await makeSecuredListener(join(dataDir, "secured"), await chooseFreePort(), "alice", "open-sesame");
  const service = await startEmbeddedKafka(folder, null, secured);
  let running = service.process;
  return {
    brokers: service.url,
    secured,
    async kill() {
      process.kill(running.pid, "SIGKILL");
      await running.ended;
    },
    async restart() {
      running = await service.restart();
    },
    async stop() {
      if (!running.hasEnded()) process.kill(running.pid, "SIGKILL");
      await running.ended;
      await release();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
