import { commitTopic } from "@millrace/runtime/kafka";
import { CrashCounts } from "./crash-points.ts";
import { type FaultPlan, noFaults } from "./faults.ts";
import { type SimPipeline, simPipeline, simTopics, type TopicContents } from "./scenario.ts";
import { Scheduler } from "./scheduler.ts";
import { SimDatabase } from "./sim-database.ts";
import { SimJobs } from "./sim-jobs.ts";
import { SimKafka } from "./sim-kafka.ts";
import type { SimMachine, SimProcess } from "./sim-process.ts";
import { SimRedis } from "./sim-redis.ts";
import { topicOf } from "./sim-sinks.ts";
import type { Wiring } from "./wiring.ts";

export const sinkIds = { topic: "scored:sink", audit: "audit:sink", database: "totals:sink", redis: "broken:sink" } as const;

const pipelines: Readonly<Record<number, SimPipeline>> = { 1: simPipeline(1), 2: simPipeline(2) };
const contents = new Map<number, TopicContents>();

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Everything that there is outside the processes, and the processes. */
export class World implements SimMachine {
  readonly scheduler: Scheduler;
  readonly wiring: Wiring;
  readonly watcher: CrashCounts;
  readonly redis = new SimRedis();
  readonly database = new SimDatabase();
  readonly kafka: SimKafka;
  readonly jobs: SimJobs;
  faults: FaultPlan = noFaults;
  wallOffsetMs = 0;
  /** Whether sinks get records before their checkpoint is committed. */
  readonly prewrites: boolean;
  /** Pipeline processes that are alive, the youngest last. */
  readonly children = new Set<SimProcess>();
  readonly supervisors = new Set<SimProcess>();
  /** Somebody has run the pipeline to its end, beside its deployments. */
  finishedByHand = false;
  /** Who was told that another owner has the pipeline, and the first of them who has taken it over again by itself. */
  readonly fencedOwners = new Set<string>();
  tookOverAgain: string | null = null;
  /** From taking the pipeline over to the first record, once nothing goes wrong any more. */
  slowestRecoveryMs = 0;
  /** Records without a trace at a checkpoint; must stay 0. */
  unaccounted = 0;
  /** When the last pipeline process died. */
  quietSinceMs: number | null = null;

  constructor(seed: number, input: number, wiring: Wiring, keepTrace: boolean) {
    this.scheduler = new Scheduler(seed, keepTrace);
    this.wiring = wiring;
    this.prewrites = seed % 2 === 0;
    this.kafka = new SimKafka(this.scheduler, () => 1_700_000_000_000 + Math.floor(this.scheduler.nowMs));
    this.jobs = new SimJobs(this.scheduler);
    this.watcher = new CrashCounts((checkpoint) => {
      const held = [
        this.#kafkaMarker(sinkIds.topic),
        this.#kafkaMarker(sinkIds.audit),
        this.database.checkpoint(sinkIds.database),
        this.redis.rows(sinkIds.redis).checkpoint,
      ];
      return { holding: held.filter((number) => (number ?? 0) >= checkpoint).length, sinks: held.length };
    });
    const known = contents.get(input) ?? simTopics(input);
    contents.set(input, known);
    for (const [topic, partitions] of known) {
      this.kafka.ensureTopic(topic, partitions.length);
      const records = partitions.flatMap((lines, partition) =>
        lines.map((line) => ({ topic, partition, key: null, value: encoder.encode(line), headers: {} })),
      );
      this.kafka.append(records);
    }
  }

  pipeline(version: number): SimPipeline {
    return pipelines[version];
  }

  /** What each sink holds, in order. */
  outputs(): Readonly<Record<keyof typeof sinkIds, readonly string[]>> {
    return {
      topic: this.#committed(topicOf(sinkIds.topic)),
      audit: this.#committed(topicOf(sinkIds.audit)),
      database: this.database.lines(sinkIds.database),
      redis: this.redis.rows(sinkIds.redis).lines,
    };
  }

  /** What a reader of committed records sees, as lines. */
  #committed(topic: string): readonly string[] {
    if (!this.kafka.topicNames.includes(topic)) return [];
    return this.kafka.fetch({ topic, partition: 0 }, 0, true).records.map(({ value }) => decoder.decode(value ?? new Uint8Array()));
  }

  #kafkaMarker(sinkId: string): number | null {
    if (!this.kafka.topicNames.includes(commitTopic)) return null;
    const { records } = this.kafka.fetch({ topic: commitTopic, partition: 0 }, 0, true);
    const own = records.findLast(({ key }) => key !== null && decoder.decode(key).endsWith(`/${sinkId}`));
    return own?.value === undefined || own.value === null ? null : JSON.parse(decoder.decode(own.value)).checkpoint;
  }
}
