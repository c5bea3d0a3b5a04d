import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chooseFreePort } from "../ports.ts";
import { takeDataFolder } from "../start-services.ts";
import { type CertifiedListener, makeCertifiedListener } from "./certified-listener.ts";
import { startEmbeddedKafka } from "./embedded-kafka.ts";
import { missingForKafka } from "./kafka-jars.ts";
import { makeSecuredListener, type SecuredListener } from "./secured-listener.ts";

/** A Kafka broker for tests and measurements. */
export interface TestKafka {
  readonly brokers: string;
  /** An encrypted listener with a user; null with brokers of one's own. */
  readonly secured: SecuredListener | null;
  /** A listener that demands a client's certificate; null with brokers of one's own, and where there is no openssl. */
  readonly certified: CertifiedListener | null;
  /** Ends the broker at once; its data stays. Not with brokers of one's own. */
  kill(): Promise<void>;
  /** Starts it again after `kill`. */
  restart(): Promise<void>;
  /** Ends the broker and removes its data. */
  stop(): Promise<void>;
}

/**
 * Why there is no Kafka for tests here, as words; null when there is one. In CI its absence is an error. `ofOurOwn`: the
 * brokers that KAFKA_BROKERS names do not do, because they are not ours to kill.
 */
export function kafkaIsMissing({ ofOurOwn = false }: { readonly ofOurOwn?: boolean } = {}): string | null {
  if (!ofOurOwn && namedBrokers() !== "") return null;
  const missing = missingForKafka();
  if (missing === null) return null;
  const why = `${missing} is not on the PATH${ofOurOwn ? "" : ", and KAFKA_BROKERS is not set"}`;
  if (process.env.CI === "true") throw new Error(`CI needs Kafka: ${why}. Debian: apt-get install openjdk-17-jre-headless maven`);
  return why;
}

/** The brokers that KAFKA_BROKERS names, or a real one that is started with an empty data folder. */
export async function startTestKafka(): Promise<TestKafka> {
  const named = namedBrokers();
  if (named !== "") {
    const notOurs = (): Promise<never> => Promise.reject(new Error("the brokers of KAFKA_BROKERS are not ours to kill"));
    return { brokers: named, secured: null, certified: null, kill: notOurs, restart: notOurs, stop: async () => {} };
  }
  const dataDir = await mkdtemp(join(tmpdir(), "millrace-kafka-"));
  const { folder, release } = await takeDataFolder(dataDir);
  const secured = await makeSecuredListener(join(dataDir, "secured"), await chooseFreePort(), "alice", "open-sesame");
  const certified = await makeCertifiedListener(join(dataDir, "secured"), await chooseFreePort(), secured.keystore);
  const service = await startEmbeddedKafka(folder, null, secured, certified);
  let running = service.process;
  const kill = async (): Promise<void> => {
    if (!running.hasEnded()) process.kill(running.pid, "SIGKILL");
    await running.ended;
  };
  return {
    brokers: service.url,
    secured,
    certified,
    kill,
    async restart() {
      running = await service.restart();
    },
    async stop() {
      await kill();
      await release();
      await rm(dataDir, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

function namedBrokers(): string {
  return process.env.KAFKA_BROKERS ?? "";
}
