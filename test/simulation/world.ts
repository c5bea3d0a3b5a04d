import { CrashCounts } from "./crash-points.ts";
import { type FaultPlan, noFaults } from "./faults.ts";
import { type SimPipeline, simPipeline, simTopics } from "./scenario.ts";
import { Scheduler } from "./scheduler.ts";
import { SimBroker } from "./sim-broker.ts";
import { SimDatabase } from "./sim-database.ts";
import { SimJobs } from "./sim-jobs.ts";
import type { SimMachine, SimProcess } from "./sim-process.ts";
import { SimRedis } from "./sim-redis.ts";
import type { Wiring } from "./wiring.ts";

export const sinkIds = { topic: "scored:sink", database: "totals:sink", redis: "broken:sink" } as const;

const pipelines: Readonly<Record<number, SimPipeline>> = { 1: simPipeline(1), 2: simPipeline(2) };
const topicsOf = new Map<number, ReadonlyMap<string, readonly string[]>>();

/** Everything that there is outside the processes, and the processes. */
export class World implements SimMachine {
  readonly scheduler: Scheduler;
  readonly wiring: Wiring;
  readonly watcher: CrashCounts;
  readonly redis = new SimRedis();
  readonly database = new SimDatabase();
  readonly broker: SimBroker;
  readonly jobs: SimJobs;
  readonly topics: ReadonlyMap<string, readonly string[]>;
  faults: FaultPlan = noFaults;
  wallOffsetMs = 0;
  /** Pipeline processes that are alive, the youngest last. */
  readonly children = new Set<SimProcess>();
  readonly supervisors = new Set<SimProcess>();
  /** Somebody has run the pipeline to its end, beside its deployments. */
  finishedByHand = false;
  /** Records without a trace at a checkpoint; must stay 0. */
  unaccounted = 0;
  /** When the last pipeline process died. */
  quietSinceMs: number | null = null;

  constructor(seed: number, input: number, wiring: Wiring, keepTrace: boolean) {
    this.scheduler = new Scheduler(seed, keepTrace);
    this.wiring = wiring;
    this.broker = new SimBroker(this.scheduler);
    this.jobs = new SimJobs(this.scheduler);
    this.watcher = new CrashCounts((checkpoint) => {
      const held = [
        this.broker.marker(sinkIds.topic)?.checkpoint,
        this.database.checkpoint(sinkIds.database),
        this.redis.rows(sinkIds.redis).checkpoint,
      ];
      return { holding: held.filter((number) => (number ?? 0) >= checkpoint).length, sinks: held.length };
    });
    const known = topicsOf.get(input) ?? simTopics(input);
    topicsOf.set(input, known);
    this.topics = known;
  }

  pipeline(version: number): SimPipeline {
    return pipelines[version];
  }

  /** What each sink holds, in order. */
  outputs(): Readonly<Record<keyof typeof sinkIds, readonly string[]>> {
    return {
      topic: this.broker.committed(sinkIds.topic),
      database: this.database.lines(sinkIds.database),
      redis: this.redis.rows(sinkIds.redis).lines,
    };
  }
}
