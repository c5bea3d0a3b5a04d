import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { SpillJob, SpillReport } from "./spill-process.ts";

const program = fileURLToPath(new URL("./spill-process.ts", import.meta.url));

/** With state on disk a process may take at most so much of what it takes in memory (`--check`), beside what is mapped from files. */
const mostShare = 0.8;

export interface SpillFigures {
  readonly inMemory: SpillReport;
  readonly onDisk: SpillReport;
  /** Of the peaks of both processes beside what is mapped from files, and of their records per CPU second. */
  readonly memoryShare: number;
  readonly speedShare: number;
}

/**
 * `npm run bench -- --spill [--keys N] [--hot N] [--check] [--json]`: sessions (count, sum, last) of which `keys` are open
 * at a time, once with all of them in memory and once with at most `hot` there and the others in LevelDB. Each is a
 * process of its own, with checkpoints in files; of each the most memory that it ever took (RSS), what of that is mapped from
 * files, and records per CPU second. It takes minutes.
 */
export async function benchSpill(
  keys: number,
  hotKeys: number,
  say: (line: string) => void,
): Promise<{ figures: SpillFigures; ok: boolean }> {
  say(`Sessions of ${(keys / 1e6).toFixed(1)} M keys at a time, in memory and with ${hotKeys} of them there`);
  const inMemory = await measured({ keys, hotKeys: null }, say);
  const onDisk = await measured({ keys, hotKeys }, say);
  if (inMemory.closedSessions !== onDisk.closedSessions || inMemory.openSessions !== onDisk.openSessions) {
    throw new Error("on disk there are other sessions than in memory");
  }
  const memoryShare = ownBytes(onDisk) / ownBytes(inMemory);
  const speedShare = speedOf(onDisk) / speedOf(inMemory);
  say(`on disk: ×${memoryShare.toFixed(2)} of the memory, ×${speedShare.toFixed(2)} of the speed`);
  if (memoryShare > mostShare) say(`the memory on disk is above its bound of ×${mostShare}`);
  return { figures: { inMemory, onDisk, memoryShare, speedShare }, ok: memoryShare <= mostShare };
}

async function measured(job: SpillJob, say: (line: string) => void): Promise<SpillReport> {
  const { stdout } = await promisify(execFile)(process.execPath, [program, JSON.stringify(job)], { maxBuffer: 1 << 26 });
  const report: SpillReport = JSON.parse(stdout);
  const { records, peakBytes, mappedBytes, openSessions, closedSessions, checkpoints } = report;
  say(
    [
      `${job.hotKeys === null ? "in memory" : "on disk"}: ${(records / 1e6).toFixed(2)} M records, ${checkpoints} checkpoints`,
      `${openSessions} sessions open at the end, ${closedSessions} closed`,
      `at most ${(peakBytes / (1 << 20)).toFixed(0)} MB, ${(mappedBytes / (1 << 20)).toFixed(0)} MB of them mapped from files`,
      `${(speedOf(report) / 1e6).toFixed(3)} M records per CPU second`,
    ].join("; "),
  );
  return report;
}

function ownBytes({ peakBytes, mappedBytes }: SpillReport): number {
  return peakBytes - mappedBytes;
}

function speedOf({ records, cpuSeconds }: SpillReport): number {
  return records / cpuSeconds;
}
