import { randomBytes } from "node:crypto";
import { access, mkdir, readFile, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { DataFolder } from "../data-folder.ts";
import { findProgram } from "../find-program.ts";
import { LauncherError } from "../launcher-error.ts";
import { type ManagedProcess, type ProcessSpec, readLogEnd, startProcess } from "../managed-process.ts";
import { chooseRememberedPort } from "../ports.ts";
import { runOnce } from "../run-once.ts";
import type { Service } from "../service.ts";
import type { CertifiedListener } from "./certified-listener.ts";
import { kafkaJars } from "./kafka-jars.ts";
import type { SecuredListener } from "./secured-listener.ts";

const startTimeoutMs = 60_000;
/** One small machine: start-up counts, and nothing is tuned by the virtual machine for hours. */
const javaOptions = ["-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];

/** A second listener whose clients are told to come back by another port: that of a proxy in front of it. */
export interface ProxiedListener {
  readonly port: number;
  readonly advertisedPort: number;
}

/**
 * Starts a real Kafka broker on the loopback address: a single node in KRaft mode with its files in the data folder.
 * `url` is its address, `127.0.0.1:port`. Rejects with a `LauncherError`.
 */
export async function startEmbeddedKafka(
  folder: DataFolder,
  proxied: ProxiedListener | null = null,
  secured: SecuredListener | null = null,
  certified: CertifiedListener | null = null,
): Promise<Service> {
  const jars = await kafkaJars(folder);
  const files = join(folder.path, "kafka");
  await mkdir(files, { recursive: true, mode: 0o700 });
  const port = await chooseRememberedPort(folder, "kafka");
  const controllerPort = await chooseRememberedPort(folder, "kafka-controller");
  const properties = join(files, "server.properties");
  await writeFile(properties, serverProperties(join(files, "logs"), port, controllerPort, proxied, secured, certified), { mode: 0o600 });
  const java = findProgram("java") ?? "java";
  const classPath = [...javaOptions, "-cp", join(jars, "*")];
  await formatOnce(java, classPath, files, properties, secured?.formatArguments ?? []);
  const spec: ProcessSpec = {
    name: "kafka",
    command: java,
    args: [...classPath, "kafka.Kafka", properties],
    cwd: files,
    env: { ...process.env, CLASSPATH: [process.env.CLASSPATH ?? ""].filter((entry) => entry !== "").join(delimiter) },
    stopTimeoutMs: 15_000,
  };
  const server = await startProcess(folder, spec);
  await waitUntilListening(server, port);
  return { url: `127.0.0.1:${port}`, process: server, restart: () => startProcess(folder, spec) };
}

function serverProperties(
  logs: string,
  port: number,
  controllerPort: number,
  proxied: ProxiedListener | null,
  secured: SecuredListener | null,
  certified: CertifiedListener | null,
): string {
  const own = `PLAINTEXT://127.0.0.1:${port}`;
  const safe = [
    ...(secured === null ? [] : [`SECURED://127.0.0.1:${secured.port}`]),
    ...(certified === null ? [] : [`CERTIFIED://127.0.0.1:${certified.port}`]),
  ];
  const entries = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.quorum.voters": `1@127.0.0.1:${controllerPort}`,
    listeners: [
      own,
      ...safe,
      ...(proxied === null ? [] : [`PROXIED://127.0.0.1:${proxied.port}`]),
      `CONTROLLER://127.0.0.1:${controllerPort}`,
    ].join(","),
    "advertised.listeners": [own, ...safe, ...(proxied === null ? [] : [`PROXIED://127.0.0.1:${proxied.advertisedPort}`])].join(","),
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,SECURED:SASL_SSL,CERTIFIED:SSL,CONTROLLER:PLAINTEXT",
    "inter.broker.listener.name": "PLAINTEXT",
    "controller.listener.names": "CONTROLLER",
    "log.dirs": logs.replaceAll("\\", "/"),
    "num.partitions": "3",
    "offsets.topic.num.partitions": "3",
    "offsets.topic.replication.factor": "1",
    "transaction.state.log.num.partitions": "3",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "group.initial.rebalance.delay.ms": "0",
    "log.flush.interval.messages": "10000",
    ...secured?.properties,
    ...certified?.properties,
  };
  return Object.entries(entries)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}

/** The storage of a node is formatted once, with an identity that stays. */
async function formatOnce(
  java: string,
  classPath: readonly string[],
  files: string,
  properties: string,
  more: readonly string[],
): Promise<void> {
  const meta = join(files, "logs", "meta.properties");
  if (
    await access(meta).then(
      () => true,
      () => false,
    )
  )
    return;
  const identity = join(files, "cluster-id");
  const clusterId = await readFile(identity, "utf8").catch(async () => {
    // A hyphen in front would be taken for an option.
    const made = randomBytes(16).toString("base64url").replace(/^-/, "A");
    await writeFile(identity, made);
    return made;
  });
  const outcome = await runOnce(java, [...classPath, "kafka.tools.StorageTool", "format", "-t", clusterId, "-c", properties, ...more]);
  if (outcome.code !== 0) {
    throw new LauncherError(
      `Kafka's storage could not be formatted:\n${outcome.output.trim().split("\n").slice(-12).join("\n")}`,
      `Remove ${files} and start again.`,
    );
  }
}

async function waitUntilListening(server: ManagedProcess, port: number): Promise<void> {
  const deadlineMs = performance.now() + startTimeoutMs;
  while (!(await isListening(port))) {
    if (server.hasEnded() || performance.now() > deadlineMs) {
      const state = server.hasEnded() ? `ended (${await server.ended})` : "does not listen";
      await server.stop();
      throw new LauncherError(
        `Kafka ${state}. The end of ${server.logPath}:\n${await readLogEnd(server.logPath)}`,
        "Mend what the log says.",
      );
    }
    await sleep(100);
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
