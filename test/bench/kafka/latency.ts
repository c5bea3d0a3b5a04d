import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { median } from "../measure.ts";
import { startBareCopy } from "./bare-copy.ts";
import { createTopics, deleteTopics } from "./cluster.ts";
import type { ProbeAnswer, ProbeRequest } from "./latency-probe.ts";
import { type Delivery, startPipelineCopy } from "./pipeline-copy.ts";
import type { Services } from "./services.ts";

export const latencyIntervalMs = 1000;

export interface LatencyFigures {
  readonly bare: Percentiles;
  readonly atLeastOnce: Percentiles;
  readonly exactlyOnce: Percentiles;
}

/** Milliseconds. */
interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

interface Copy {
  stop(): Promise<void>;
}

/**
 * Sends `perSecond` records a second through the broker, a copy and the broker again, `seconds` long, and measures how long
 * they take: copied by the bare client, by the pipeline at least once, and exactly once with a checkpoint a second, in turn.
 * Medians of the rounds; the first second of each, and a whole round before them, are left out. What comes out is compared with what went in.
 */
export async function benchLatency(
  services: Services,
  options: { readonly perSecond: number; readonly seconds: number; readonly rounds: number },
  say: (line: string) => void,
): Promise<LatencyFigures> {
  const { client, brokers, redis, prefix } = services;
  const pipeline = (delivery: Delivery) => (from: string, to: string) =>
    startPipelineCopy({ brokers, redis, from, to, delivery, checkpointIntervalMs: latencyIntervalMs, until: "never" });
  const contenders: { readonly name: string; readonly found: Percentiles[]; start(from: string, to: string): Promise<Copy> }[] = [
    { name: "bare client", found: [], start: (from, to) => startBareCopy(client, from, to) },
    { name: "at least once", found: [], start: pipeline("at-least-once") },
    { name: "exactly once", found: [], start: pipeline("exactly-once") },
  ];
  const probe = startProbe();
  try {
    for (let round = 0; round <= options.rounds; round++) {
      for (const [i, { name, found, start }] of contenders.entries()) {
        const [from, to] = [`${prefix}-paced-${round}-${i}`, `${prefix}-late-${round}-${i}`];
        const percentiles = await measured(services, probe, from, to, start, options);
        if (round > 0) found.push(percentiles);
        say(
          `${round === 0 ? "warm-up" : `round ${round}`}  ${name}: p50 ${percentiles.p50.toFixed(1)} ms, p99 ${percentiles.p99.toFixed(1)} ms`,
        );
      }
    }
  } finally {
    probe.disconnect();
  }
  const [bare, atLeastOnce, exactlyOnce] = contenders.map(({ found }) => ({
    p50: median(found.map(({ p50 }) => p50)),
    p99: median(found.map(({ p99 }) => p99)),
  }));
  return { bare, atLeastOnce, exactlyOnce };
}

async function measured(
  { client, brokers }: Services,
  probe: ChildProcess,
  from: string,
  to: string,
  start: (from: string, to: string) => Promise<Copy>,
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
): Promise<Percentiles> {
  await createTopics(client, [from, to]);
  const copy = await start(from, to);
  try {
    return await askProbe(probe, { brokers, from, to, perSecond, records: perSecond * seconds, ignored: perSecond });
  } finally {
    await copy.stop();
    await deleteTopics(client, [from, to]);
  }
}

/** One for all rounds: a process that has just begun is slow by itself until its code is compiled. */
function startProbe(): ChildProcess {
  return fork(join(import.meta.dirname, "latency-probe.ts"), { execArgv: ["--disable-warning=TimeoutNegativeWarning"] });
}

async function askProbe(probe: ChildProcess, request: ProbeRequest): Promise<Percentiles> {
  const ended = new AbortController();
  const lost = once(probe, "exit", { signal: ended.signal }).then(([code]): never => {
    throw new Error(`the probe ended with code ${code}`);
  });
  try {
    probe.send(request);
    // The child's own message.
    const [answer] = (await Promise.race([once(probe, "message", { signal: ended.signal }), lost])) as [ProbeAnswer];
    if (answer.kind === "wrong") throw new Error(`no figure counts: ${answer.reason}`);
    return answer;
  } finally {
    lost.catch(() => {});
    ended.abort();
  }
}
