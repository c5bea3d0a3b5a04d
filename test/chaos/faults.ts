import { redisKeys } from "@millrace/protocol";
import { waitFor } from "../integration/runtime/wait-for.ts";
import type { ChaosStage } from "./chaos-stage.ts";
import type { ChaosState } from "./chaos-state.ts";
import { chaosPipelineId, fraudJob } from "./fraud-job.ts";
import { isAlive, owner, pipelinePid, signal } from "./pipeline-process.ts";
import type { Seeded } from "./seeded.ts";
import { storeFaults } from "./store-faults.ts";
import type { TcpProxy } from "./tcp-proxy.ts";
import { checkManifests } from "./token-history.ts";

/** Something that goes wrong. Resolves when what is broken is mended again and recovery can begin. */
export interface Fault {
  readonly name: string;
  run(stage: ChaosStage, random: Seeded, state: ChaosState): Promise<void>;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function killPipeline(stage: ChaosStage): void {
  signal(pipelinePid(stage), "SIGKILL");
}

const killChild: Fault = {
  name: "kill -9 of the pipeline process",
  async run(stage) {
    killPipeline(stage);
  },
};

const killSupervisor: Fault = {
  name: "kill -9 of the runtime",
  async run(stage) {
    const runtime = owner(stage);
    stage.runtimes.splice(stage.runtimes.indexOf(runtime), 1);
    runtime.kill("SIGKILL");
    await stage.addRuntime();
  },
};

/** Whoever comes back after another has taken over is a zombie: it must end without having written anything. */
const freeze: Fault = {
  name: "SIGSTOP for longer than the lock, then SIGCONT",
  async run(stage, _random, { tally }) {
    const runtime = owner(stage);
    const pid = pipelinePid(stage);
    const before = await currentToken(stage);
    signal(pid, "SIGSTOP");
    runtime.kill("SIGSTOP");
    await pause(9000);
    // On a busy machine others take their time to notice.
    const taken = waitFor("the takeover", async () => (await currentToken(stage)) > before, 30_000);
    const isOvertaken = await taken.catch(() => false);
    signal(pid, "SIGCONT");
    runtime.kill("SIGCONT");
    if (pid === null || !isOvertaken) return;
    tally.zombies++;
    await waitFor("the zombie to end", async () => !isAlive(pid), 60_000);
    await checkManifests(stage, tally);
  },
};

async function currentToken(stage: ChaosStage): Promise<number> {
  return Number(await stage.deployments.redis.hget(redisKeys.checkpoint(chaosPipelineId), "token"));
}

const race: Fault = {
  name: "two deployments at once",
  async run({ deployments }, _random, state) {
    const jobs = [fraudJob(state.deployment + 1), fraudJob(state.deployment + 2)];
    const old = fraudJob(state.deployment);
    state.deployment += 2;
    await deployments.desire(old, "STOPPED");
    await Promise.all(jobs.map((job) => deployments.deploy(job)));
    // As the web server does: only the newest is wanted.
    await deployments.desire(jobs[0], "STOPPED");
  },
};

function restartOf(name: string, server: (stage: ChaosStage) => ChaosStage["redis"]): Fault {
  return {
    name,
    async run(stage, random) {
      await server(stage).kill();
      await pause(random.below(1500));
      await server(stage).restart();
    },
  };
}

function cutOf(name: string, proxy: (stage: ChaosStage) => TcpProxy): Fault {
  return {
    name,
    async run(stage, random) {
      proxy(stage).cut();
      await pause(500 + random.below(3000));
      proxy(stage).mend();
    },
  };
}

/** Kills the pipeline process when it sends something: with `drop` what it sent has no effect, otherwise the answer is lost. */
function killAt(name: string, proxy: (stage: ChaosStage) => TcpProxy, matches: (piece: Buffer) => boolean, what: "pass" | "drop"): Fault {
  return {
    name: `kill at: ${name}, ${what === "drop" ? "before it has an effect" : "its answer is lost"}`,
    async run(stage) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => {
          proxy(stage).unwatch();
          killPipeline(stage);
          resolve();
        }, 5000);
        proxy(stage).watchFor(matches, () => {
          clearTimeout(timer);
          killPipeline(stage);
          resolve();
          return what;
        });
      });
    },
  };
}

const redis = (stage: ChaosStage): TcpProxy => stage.proxies.redis;
const kafka = (stage: ChaosStage): TcpProxy => stage.proxies.kafka;
const postgres = (stage: ChaosStage): TcpProxy => stage.proxies.postgres;
const says =
  (text: string) =>
  (piece: Buffer): boolean =>
    piece.includes(text);
/** The first request of a piece has this API key. */
const asks =
  (apiKey: number) =>
  (piece: Buffer): boolean =>
    piece.length > 8 && piece.readInt16BE(4) === apiKey;

const both = ["pass", "drop"] as const;

/** Kills at the named points of the protocol, seen from the wire. */
const protocolPoints: readonly Fault[] = both.flatMap((what) => [
  killAt("a chunk is stored", redis, says("redis.call('ZADD', KEYS[3]"), what),
  killAt("the manifest is committed", redis, says("'manifest', ARGV[3], 'deployment'"), what),
  killAt("a partition joins the transaction", kafka, asks(24), what),
  killAt("the transaction is ended", kafka, asks(26), what),
  killAt("the transactional id is taken over", kafka, asks(22), what),
  killAt("the table's rows are written", postgres, says("INSERT INTO"), what),
  killAt("the delivery is noted in the database", postgres, says("SET checkpoint"), what),
  killAt("the database commits", postgres, says("COMMIT"), what),
]);

/** Kills alone: what `npm test` tries. */
export const kills: readonly Fault[] = [killChild, killSupervisor, ...protocolPoints];

/** Everything. */
export const allFaults: readonly Fault[] = [
  killChild,
  killChild,
  killSupervisor,
  killSupervisor,
  freeze,
  race,
  restartOf("Redis is killed and restarted", (stage) => stage.redis),
  restartOf("the broker is killed and restarted", (stage) => stage.kafka),
  cutOf("the network to Redis is cut", redis),
  cutOf("the network to Kafka is cut", kafka),
  cutOf("the network to PostgreSQL is cut", postgres),
  ...storeFaults,
  ...protocolPoints,
];
