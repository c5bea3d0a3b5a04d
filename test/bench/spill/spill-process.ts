import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Batch, createPipelineRun } from "@millrace/engine";
import { createFileCheckpointStore } from "@millrace/runtime/checkpoints";
import { createLevelStateBackend } from "@millrace/runtime/state";
import { systemClock } from "@millrace/runtime/system-clock";
import { createBytesSink } from "../bytes-sink.ts";
import { chainDocument, filter } from "../documents.ts";
import { nativeSha256 } from "../native-sha256.ts";
import { createPhasedSource } from "../phased-source.ts";
import { planOf } from "../plan-of.ts";

/** What a process is to do, as its only argument. */
export interface SpillJob {
  readonly keys: number;
  /** null: all state in memory. */
  readonly hotKeys: number | null;
}

/** What it prints, as JSON. */
export interface SpillReport {
  readonly records: number;
  readonly cpuSeconds: number;
  /** The most memory that the process ever took (RSS). */
  readonly peakBytes: number;
  /** Of it at the end, what is mapped from files: the program, and files of LevelDB, which the system takes back when it needs the room. */
  readonly mappedBytes: number;
  /** Sessions open at the end of the records. */
  readonly openSessions: number;
  readonly closedSessions: number;
  readonly checkpoints: number;
}

const batchRows = 1024;
const gapMs = 3_600_000;
/** One in so many records is of a key that came a while ago; the others are of new ones. */
const returning = 5;
/** How many keys ago at most. */
const reach = 50_000;

const document = chainDocument(
  "spill",
  [
    { name: "at", type: "timestamp" },
    { name: "user", type: "bigint" },
    { name: "amount", type: "double" },
  ],
  "at",
  [
    {
      type: "session-window",
      params: {
        keyBy: ["user"],
        gap: "1h",
        aggregates: [
          { as: "n", fn: "count" },
          { as: "total", fn: "sum", argument: "amount" },
          { as: "latest", fn: "last", argument: "amount" },
        ],
      },
    },
    filter("n > 5"),
  ],
);

/** Records of users who come and go: so many new ones over one and a half gaps that `keys` of their sessions are open at the most. */
function* batchesOf(keys: number): Generator<Batch> {
  const users = Math.ceil(keys * 1.5);
  const stepMs = gapMs / keys;
  let user = 0;
  let record = 0;
  while (user < users) {
    const [who, amount, time] = [new Float64Array(batchRows), new Float64Array(batchRows), new Float64Array(batchRows)];
    for (let i = 0; i < batchRows; i++, record++) {
      who[i] = record % returning === 0 ? Math.max(0, user - ((record * 7919) % reach)) : user++;
      amount[i] = record % 1000;
      time[i] = Math.floor(user * stepMs);
    }
    const columns = [time, who, amount].map((values) => ({ kind: "number" as const, values, valid: null }));
    yield { length: batchRows, selection: null, selected: batchRows, columns, time, kinds: null };
  }
}

async function report({ keys, hotKeys }: SpillJob): Promise<SpillReport> {
  const folder = await mkdtemp(join(tmpdir(), "millrace-spill-"));
  const source = createPhasedSource();
  let checkpoints = 0;
  const run = createPipelineRun({
    plan: planOf(document),
    graphHash: "bench",
    checkpointIntervalMs: 10_000,
    connectors: {
      sources: new Map([["file", source.connector]]),
      sinks: new Map([["file", createBytesSink().connector]]),
    },
    store: await createFileCheckpointStore(folder, "checkpoints"),
    clock: systemClock,
    sha256: nativeSha256,
    startFrom: "latest",
    ...(hotKeys === null ? {} : { state: { backend: createLevelStateBackend(join(folder, "state")), hotKeys } }),
    onEvent: ({ kind }) => {
      if (kind === "checkpoint-committed") checkpoints++;
    },
  });
  const ended = run.run();
  const began = process.cpuUsage();
  await source.feed(batchesOf(keys));
  const { user, system } = process.cpuUsage(began);
  const { nodes } = run.metrics();
  const mappedBytes = await mapped();
  const sessions = nodes.n1;
  run.stop({ drain: false });
  await ended;
  await rm(folder, { recursive: true, force: true });
  return {
    records: sessions.recordsIn,
    cpuSeconds: (user + system) / 1e6,
    peakBytes: process.resourceUsage().maxRSS * 1024,
    mappedBytes,
    openSessions: sessions.stateKeys,
    closedSessions: sessions.recordsOut,
    checkpoints,
  };
}

/** 0 where the system does not say. */
async function mapped(): Promise<number> {
  const status = await readFile("/proc/self/status", "utf8").catch(() => "");
  return Number(/RssFile:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
}

const job: SpillJob = JSON.parse(process.argv[2] ?? "{}");
process.stdout.write(`${JSON.stringify(await report(job))}\n`);
