import { access, mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { DataFolder } from "../data-folder.ts";
import { findProgram } from "../find-program.ts";
import { LauncherError } from "../launcher-error.ts";
import { runOnce } from "../run-once.ts";

const pom = join(import.meta.dirname, "pom.xml");

/** What of Java and Maven is missing on this machine, as words; null when both are there. */
export function missingForKafka(): string | null {
  const missing = [findProgram("java") === null ? "Java 17" : null, findProgram("mvn") === null ? "Maven" : null].filter(
    (name) => name !== null,
  );
  return missing.length === 0 ? null : missing.join(" and ");
}

/** The folder with the broker's jars in a data folder, which Maven fills once. Rejects with a `LauncherError`. */
export async function kafkaJars(data: DataFolder): Promise<string> {
  const missing = missingForKafka();
  if (missing !== null) {
    throw new LauncherError(
      `Kafka needs ${missing}, which is not on the PATH.`,
      "Install it (Debian: apt-get install openjdk-17-jre-headless maven), or set KAFKA_BROKERS to brokers of your own.",
    );
  }
  const version = /<version>([\d.]+)<\/version>\s*<\/dependency>/.exec(await readFile(pom, "utf8"))?.[1] ?? "unknown";
  const folder = join(data.path, `kafka-${version}`);
  if (await isThere(folder)) return folder;
  const partial = `${folder}.${process.pid}`;
  await mkdir(partial, { recursive: true, mode: 0o700 });
  await copyDependencies(partial);
  // Whoever was faster has the same jars there.
  await rename(partial, folder).catch(() => rm(partial, { recursive: true, force: true }));
  return folder;
}

async function copyDependencies(folder: string): Promise<void> {
  const args = ["-q", "-B", "-f", pom, "dependency:copy-dependencies", "-DincludeScope=runtime", `-DoutputDirectory=${folder}`];
  const { code, output } = await runOnce(findProgram("mvn") ?? "mvn", args);
  if (code === 0) return;
  await rm(folder, { recursive: true, force: true });
  const said = output.trim().split("\n").slice(-12).join("\n");
  throw new LauncherError(`Maven could not fetch Kafka (${code}):\n${said}`, "Check the network, or set KAFKA_BROKERS.");
}

async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
