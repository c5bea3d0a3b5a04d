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
  /** At least once, as a share of the bare client's turn in the same round; median. */
  readonly shareOfBare: number;
  /** What exactly-once takes of the throughput of at-least-once in the turn next to it; median. */
  readonly exactlyOnceCost: number;
}

interface Contender {
  readonly name: string;
  readonly rates: number[];
  /** Copies into a topic; how long that took, ms. */
  run(to: string): Promise<number>;
}

/**
 * Copies a topic of `records` into another: in each round the bare client once, and the pipeline twice at least once and twice
 * exactly once with a checkpoint a second, in turn; an even number of rounds gives both the same places. Counted from when a
 * contender is connected and has its partitions, until its last record is acknowledged (and its checkpoint committed). Every
 * copy is compared with the input first.
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
  const bareClient: Contender = { name: "bare client", rates: [], run: bare };
  const atLeastOnce: Contender = { name: "at least once", rates: [], run: pipeline("at-least-once") };
  const exactlyOnce: Contender = { name: "exactly once", rates: [], run: pipeline("exactly-once") };
  for (let round = 0; round <= rounds; round++) {
    // What is compared runs side by side, and the pipelines change places, within a round and from round to round: neither has
    // the turn after the bare client's, or the last one, more often than the other.
    const [first, second] = round % 2 === 1 ? [atLeastOnce, exactlyOnce] : [exactlyOnce, atLeastOnce];
    const turns = round === 0 ? [bareClient, first, second] : [bareClient, first, second, second, first];
    for (const [turn, { name, rates, run }] of turns.entries()) {
      const rate = await measured(client, `${prefix}-out-${round}-${turn}`, records, run);
      if (round > 0) rates.push(rate);
      say(`${round === 0 ? "warm-up" : `round ${round}`}  ${name}: ${(rate / 1000).toFixed(1)} k records a second`);
    }
  }
  await deleteTopics(client, [from]);
  return {
    bareRate: median(bareClient.rates),
    atLeastOnceRate: median(atLeastOnce.rates),
    exactlyOnceRate: median(exactlyOnce.rates),
    shareOfBare: median(atLeastOnce.rates.map((rate, i) => rate / bareClient.rates[i >> 1])),
    exactlyOnceCost: median(exactlyOnce.rates.map((rate, i) => 1 - rate / atLeastOnce.rates[i])),
  };
}

async function measured(client: Kafka, to: string, records: number, run: (to: string) => Promise<number>): Promise<number> {
  await createTopics(client, [to]);
  const tookMs = await run(to);
  await checkCopy(client, to, records);
  await deleteTopics(client, [to]);
  return records / (tookMs / 1000);
}
