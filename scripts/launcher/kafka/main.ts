import { LauncherError } from "../launcher-error.ts";
import { takeDataFolder } from "../start-services.ts";
import { startEmbeddedKafka } from "./embedded-kafka.ts";

/** `npm run kafka`: a broker until Ctrl-C, with its files in a folder of its own beside Millrace's. */
async function main(): Promise<void> {
  const path = process.env.MILLRACE_KAFKA_DATA ?? ".millrace/kafka-broker";
  process.stdout.write("Starting Kafka; the first time Maven fetches it …\n");
  const { folder, release } = await takeDataFolder(path);
  const service = await startEmbeddedKafka(folder);
  process.stdout.write(`Kafka listens at ${service.url}\nIts data is in ${folder.path}. Ctrl-C stops it.\n`);
  let stopping = false;
  const stop = async (): Promise<void> => {
    stopping = true;
    process.stdout.write("Stopping Kafka …\n");
    await service.process.stop();
    await release();
    process.exit(0);
  };
  process.once("SIGINT", () => void stop());
  process.once("SIGTERM", () => void stop());
  const how = await service.process.ended;
  if (stopping) return;
  process.stderr.write(`Kafka ended by itself (${how}); its log is ${service.process.logPath}.\n`);
  process.exitCode = 1;
  await release();
}

main().catch((cause: unknown) => {
  process.stderr.write(cause instanceof LauncherError ? `${cause.message}\n${cause.fix}\n` : `${String(cause)}\n`);
  process.exitCode = 1;
});
