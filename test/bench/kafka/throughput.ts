import type { Kafka } from "kafkajs";
import { median } from "../measure.ts";
import { startBareCopy } from "./bare-copy.ts";
import { checkCopy, createTopics, deleteTopics, fillTopic } from "./cluster.ts";
import { type Delivery, startPipelineCopy } from "./pipeline-copy.ts";
import type { Services } from "./services.ts";

const intervalMs = 1000;

export interface ThroughputFigures {
  /** Records a second, by the clock on the wall; medians. */
  readonly bareRate: number;
  readonly atLeastOnceRate: number;
  readonly exactlyOnceRate: number;
  /** At least once, as a share of the bare client in the same round; median. */
  readonly shareOfBare: number;
  /** What exactly-once takes of the throughput of at-least-once in the same round; median. */
  readonly exactlyOnceCost: number;
}

/**
 * Copies a topic of `records` into another: the bare client, the pipeline at least once, and exactly once with a checkpoint a
 * second, in turn. Counted from when a contender is connected and has its partitions, until its last record is acknowledged
 * (and its checkpoint committed). Every copy is compared with the input first.
 */
export async function benchThroughput(
  { client, brokers, redis, prefix }: Services,
  records: number,
  rounds: number,
  say: (line: string) => void,
): Promise<ThroughputFigures> {
  const from = `${prefix}-in`;
  await createTopics(client, [from]);
  await fillTopic(client, from, records);
  const bare = async (to: string): Promise<number> => {
    const copy = await startBareCopy(client, from, to);
    const since = performance.now();
    await copy.until(records);
    const tookMs = performance.now() - since;
    await copy.stop();
    return tookMs;
  };
  const pipeline = (delivery: Delivery) => async (to: string) => {
    const copy = await startPipelineCopy({
      brokers,
      redis,
      from,
      to,
      delivery,
      checkpointIntervalMs: intervalMs,
      until: "latest",
    });
    const since = performance.now();
    return (await copy.ended()) - since;
  };
  const contenders = [
    { name: "bare client", rates: [] as number[], run: bare },
    { name: "at least once", rates: [] as number[], run: pipeline("at-least-once") },
    { name: "exactly once", rates: [] as number[], run: pipeline("exactly-once") },
  ];
  for (let round = 0; round <= rounds; round++) {
    for (const [i, { name, rates, run }] of contenders.entries()) {
      const rate = await measured(client, `${prefix}-out-${round}-${i}`, records, run);
      if (round > 0) rates.push(rate);
      say(`${round === 0 ? "warm-up" : `round ${round}`}  ${name}: ${(rate / 1000).toFixed(1)} k records a second`);
    }
  }
  await deleteTopics(client, [from]);
  const [bareRates, atLeast, exactly] = contenders.map(({ rates }) => rates);
  return {
    bareRate: median(bareRates),
    atLeastOnceRate: median(atLeast),
    exactlyOnceRate: median(exactly),
    shareOfBare: median(atLeast.map((rate, i) => rate / bareRates[i])),
    exactlyOnceCost: median(exactly.map((rate, i) => 1 - rate / atLeast[i])),
  };
}

async function measured(client: Kafka, to: string, records: number, run: (to: string) => Promise<number>): Promise<number> {
  await createTopics(client, [to]);
  const tookMs = await run(to);
  await checkCopy(client, to, records);
  await deleteTopics(client, [to]);
  return records / (tookMs / 1000);
}
