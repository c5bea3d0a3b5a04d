import { createRedisCheckpointStore } from "@millrace/runtime/checkpoints";
import { countBuffersAsHeap } from "@millrace/runtime/count-buffers-as-heap";
import { benchState } from "../state.ts";
import { type Figure, holds, table } from "./figures.ts";
import { benchLatency, latencyIntervalMs } from "./latency.ts";
import { type Services, startServices } from "./services.ts";
import { benchThroughput } from "./throughput.ts";

export interface KafkaBenchOptions {
  readonly records: number;
  readonly rounds: number;
  readonly keys: number;
  /** Of `latency`, `throughput` and `state` those to measure. */
  readonly parts: readonly string[];
}

const perSecond = 10_000;
const seconds = 5;

/**
 * `npm run bench -- --kafka [--records N] [--rounds N] [--keys N] [--part latency,throughput,state] [--json] [--check]`: the
 * figures of pipelines over a real broker with checkpoints in a real Redis: latency and throughput in turn with the bare
 * client in the same run, and checkpoints of a million keys.
 */
export async function benchKafka(
  options: KafkaBenchOptions,
  say: (line: string) => void,
): Promise<{ figures: readonly Figure[]; ok: boolean }> {
  // As pipeline processes have it.
  countBuffersAsHeap();
  const services = await startServices(say);
  try {
    const figures: Figure[] = [];
    if (options.parts.includes("latency")) figures.push(...(await latency(services, options.rounds, say)));
    if (options.parts.includes("throughput")) figures.push(...(await throughput(services, options, say)));
    if (options.parts.includes("state")) figures.push(...(await state(services, options, say)));
    for (const line of table(figures)) say(line);
    return { figures, ok: figures.every(holds) };
  } finally {
    await services.close();
  }
}

async function latency(services: Services, rounds: number, say: (line: string) => void): Promise<Figure[]> {
  say(`latency: ${perSecond} records a second through a topic, a copy and a topic`);
  const { bare, atLeastOnce, exactlyOnce } = await benchLatency(services, { perSecond, seconds, rounds }, say);
  say(`the bare client: p50 ${bare.p50.toFixed(1)} ms, p99 ${bare.p99.toFixed(1)} ms`);
  const common = { unit: "ms", atLeast: false } as const;
  return [
    { name: "latencyP50", words: "at least once, p50 end to end", value: atLeastOnce.p50, target: 10, ...common },
    { name: "latencyP99", words: "at least once, p99 end to end", value: atLeastOnce.p99, target: 50, ...common },
    {
      name: "exactlyOnceAddsP50",
      words: "exactly once adds to p50",
      value: exactlyOnce.p50 - atLeastOnce.p50,
      target: latencyIntervalMs,
      ...common,
    },
    {
      name: "exactlyOnceAddsP99",
      words: "exactly once adds to p99",
      value: exactlyOnce.p99 - atLeastOnce.p99,
      target: latencyIntervalMs,
      ...common,
    },
  ];
}

async function throughput(services: Services, { records, rounds }: KafkaBenchOptions, say: (line: string) => void): Promise<Figure[]> {
  say(`throughput: ${records} records from topic to topic`);
  const found = await benchThroughput(services, records, rounds, say);
  const rate = (perSecond: number): string => `${(perSecond / 1000).toFixed(1)} k`;
  say(
    `records a second: bare client ${rate(found.bareRate)}, at least once ${rate(found.atLeastOnceRate)}, exactly once ${rate(found.exactlyOnceRate)}`,
  );
  return [
    { name: "shareOfBare", words: "throughput of the bare client's", value: found.shareOfBare, unit: "×", atLeast: true, target: 0.8 },
    {
      name: "exactlyOnceCost",
      words: "cost of exactly once at 1 s",
      value: found.exactlyOnceCost,
      unit: "×",
      atLeast: false,
      target: 0.15,
    },
  ];
}

async function state({ redis, prefix }: Services, { keys, rounds }: KafkaBenchOptions, say: (line: string) => void): Promise<Figure[]> {
  say(`checkpoints of ${keys} keys in Redis`);
  let pipelines = 0;
  const { figures } = await benchState(keys, rounds, say, () => {
    const pipeline = `${prefix}-state-${pipelines++}`;
    return createRedisCheckpointStore(redis, pipeline, `${pipeline}-d1`);
  });
  const common = { unit: "ms", atLeast: false } as const;
  return [
    { name: "snapshotPause", words: `pause for ${keys} keys`, value: figures.snapshotPauseMs, target: 10, ...common },
    { name: "deltaDurable", words: "1 % changed keys durable in", value: figures.deltaDurableMs, target: 50, ...common },
  ];
}
