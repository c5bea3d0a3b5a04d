import { redisKeys } from "@millrace/protocol";
import { waitFor } from "../integration/runtime/wait-for.ts";
import { committedRows } from "../services/committed-rows.ts";
import { type ChaosStage, createChaosStage } from "./chaos-stage.ts";
import { type ChaosState, newTally, type Tally } from "./chaos-state.ts";
import { checkOutput, type OutputCheck } from "./check-output.ts";
import type { Fault } from "./faults.ts";
import { chaosPipelineId, chaosTable, chaosTopics, fraudJob } from "./fraud-job.ts";
import { type ChaosInput, chaosInput, type Payment } from "./payments.ts";
import { recoveryStory } from "./recovery-story.ts";
import { Seeded } from "./seeded.ts";
import { checkHistory, noteDeliveries } from "./token-history.ts";

export interface ChaosOptions {
  readonly seed: number;
  readonly payments: number;
  readonly faults: number;
  readonly from: readonly Fault[];
  /** After so long no further fault begins, and what has come out so far is checked; absent: all of them come. */
  readonly withinMs?: number;
  readonly say: (line: string) => void;
}

export interface ChaosResult {
  readonly topic: OutputCheck;
  readonly table: OutputCheck;
  /** Times from the end of each fault to the next committed checkpoint, ms, by fault. */
  readonly recoveries: readonly { readonly fault: string; readonly ms: number }[];
  readonly deadLetters: number;
  readonly tally: Tally;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const betweenFaultsMs = 500;
/** A recovery that takes longer is a failure of its own; what is slow on a busy machine is told by the figures. */
const recoveryWithinMs = 300_000;
/** The input comes in pieces this far apart; a fault with its recovery takes about so many of them. */
const tickMs = 100;
const ticksForFault = 80;
/** How long the last records may take once nothing is broken any more. */
const settleWithinMs = 600_000;

/** Runs the fraud score over real servers while they, the network and the processes fail; then compares both outputs with the model. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { say, seed } = options;
  const input = chaosInput(options.payments, seed);
  const random = new Seeded(seed ^ 0x5eed);
  const stage = await createChaosStage(say);
  try {
    await Promise.all([stage.addRuntime(), stage.addRuntime()]);
    const state: ChaosState = { deployment: 1, tally: newTally() };
    await stage.deployments.deploy(fraudJob(1));
    await stage.deployments.waitForState(fraudJob(1).deploymentId, "RUNNING");
    await noteDeliveries(stage);
    say(`${input.payments.length} payments (${options.payments} distinct), ${options.faults} faults, seed ${seed}`);
    const recoveries: { fault: string; ms: number }[] = [];
    const feed = startFeed(stage, input, () => options.faults - recoveries.length);
    const begunAt = performance.now();
    for (let i = 0; i < options.faults; i++) {
      if (performance.now() - begunAt > (options.withinMs ?? Number.POSITIVE_INFINITY)) {
        say(`the time is over after ${i} of ${options.faults} faults`);
        break;
      }
      await pause(betweenFaultsMs + random.below(1000));
      const fault = options.from[i < options.from.length ? i : random.below(options.from.length)];
      await fault.run(stage, random, state);
      const mendedAt = Date.now();
      const ms = await recovery(stage);
      recoveries.push({ fault: fault.name, ms });
      const story = recoveryStory(
        stage.runtimes.flatMap(({ log }) => log),
        mendedAt,
      );
      say(`${String(i + 1).padStart(4)}  ${fault.name}: recovered in ${(ms / 1000).toFixed(1)} s${story}`);
    }
    feed.hurry();
    await feed.done;
    await endOfTime(stage, input);
    const compared = await compare(stage, input, say);
    await checkHistory(stage, state.tally);
    return {
      ...compared,
      tally: state.tally,
      recoveries,
      deadLetters: await stage.deployments.redis.xlen(redisKeys.deadLetters(chaosPipelineId)),
    };
  } catch (cause) {
    for (const line of await lastWords(stage)) say(line);
    throw cause;
  } finally {
    await stage.close();
  }
}

/** What the runtimes logged last and how the deployments are, for whoever looks into a run that went wrong. */
async function lastWords({ runtimes, deployments }: ChaosStage): Promise<readonly string[]> {
  const logged = runtimes.flatMap(({ pid, log }) => log.slice(-12).map((line) => `runtime ${pid}: ${JSON.stringify(line)}`));
  const keys = await deployments.redis.keys(redisKeys.status("*")).catch(() => []);
  const statuses = await Promise.all(keys.map(async (key) => `${key}: ${await deployments.redis.get(key).catch(String)}`));
  return [...logged, ...statuses];
}

/**
 * Sends the input over about the time that the faults take, which nobody knows beforehand: at each moment so much of what
 * is left that it lasts for the faults that are left. Without news there would be no checkpoint by which recovery is told.
 * `hurry`: the rest at once.
 */
function startFeed(
  stage: ChaosStage,
  { payments, profiles }: ChaosInput,
  faultsLeft: () => number,
): { readonly done: Promise<void>; hurry(): void } {
  let hurried = false;
  const send = async (): Promise<void> => {
    let sentProfiles = 0;
    for (let from = 0; from < payments.length; ) {
      const paced = Math.ceil((payments.length - from) / (Math.max(1, faultsLeft()) * ticksForFault));
      const some = payments.slice(from, from + (hurried ? 2000 : paced));
      from += some.length;
      const newest = some.reduce((most, { at }) => Math.max(most, at), 0);
      const due = profiles.slice(sentProfiles).filter(({ at }) => at <= newest + 60_000);
      sentProfiles += due.length;
      await sendJson(stage, chaosTopics.profiles, due);
      await sendJson(stage, chaosTopics.payments, some);
      if (!hurried) await pause(tickMs);
    }
    await sendJson(stage, chaosTopics.profiles, profiles.slice(sentProfiles));
  };
  return {
    done: send(),
    hurry() {
      hurried = true;
    },
  };
}

async function sendJson(stage: ChaosStage, topic: string, rows: readonly { readonly customer_id: string }[]): Promise<void> {
  if (rows.length === 0) return;
  await stage.kafka.producer.send({ topic, acks: -1, messages: rows.map((row) => ({ key: row.customer_id, value: JSON.stringify(row) })) });
}

/** Records a day later in every partition: all that came before is on time and complete. They themselves stay inside. */
async function endOfTime(stage: ChaosStage, { payments, profiles }: ChaosInput): Promise<void> {
  const at = Math.max(payments.at(-1)?.at ?? 0, profiles.at(-1)?.at ?? 0) + 86_400_000;
  const last = (partition: number): Payment => ({ transaction_id: `end-${partition}`, customer_id: "nobody", amount: 0, at });
  const messages = [0, 1, 2].map((partition) => ({ partition, value: JSON.stringify(last(partition)) }));
  await stage.kafka.producer.send({ topic: chaosTopics.payments, acks: -1, messages });
  const profile = { customer_id: "nobody", tier: "new", usual_amount: 0, blocked: false, at };
  await stage.kafka.producer.send({ topic: chaosTopics.profiles, acks: -1, messages: [{ value: JSON.stringify(profile) }] });
}

async function committedCheckpoint(stage: ChaosStage): Promise<number> {
  return Number((await stage.deployments.redis.hget(redisKeys.checkpoint(chaosPipelineId), "checkpoint")) ?? 0);
}

function waitForCheckpointAbove(stage: ChaosStage, above: number): Promise<number> {
  return waitFor(
    `a checkpoint above ${above}`,
    async () => {
      const committed = await committedCheckpoint(stage).catch(() => 0);
      return committed > above ? committed : null;
    },
    recoveryWithinMs,
  );
}

/** The time until the pipeline commits two more checkpoints: the first may have been under way. */
async function recovery(stage: ChaosStage): Promise<number> {
  const since = performance.now();
  const before = await waitFor("Redis to answer", () => committedCheckpoint(stage).catch(() => null), recoveryWithinMs);
  await waitForCheckpointAbove(stage, before + 1);
  return performance.now() - since;
}

async function compare(
  stage: ChaosStage,
  { expected }: ChaosInput,
  say: (line: string) => void,
): Promise<Pick<ChaosResult, "topic" | "table">> {
  const rowsInTable = async (): Promise<number> => {
    const { rows } = await stage.database.query<{ n: string }>(`SELECT count(*) AS n FROM ${chaosTable}`);
    return Number(rows[0]?.n ?? 0);
  };
  await waitFor("all rows in the table", async () => (await rowsInTable()) >= expected.size, settleWithinMs).catch((cause: unknown) =>
    say(String(cause)),
  );
  await pause(3000);
  const { rows } = await stage.database.query<Record<string, unknown>>(
    `SELECT transaction_id, customer_id, (extract(epoch FROM at) * 1000)::bigint AS at, recent_count, recent_sum, tier, score FROM ${chaosTable}`,
  );
  return {
    table: checkOutput(rows, expected, false),
    topic: checkOutput(await committedRows(stage.kafka.client, chaosTopics.scored), expected, true),
  };
}
