import { readdirSync, readFileSync } from "node:fs";

/** What threads of this process have taken so far, by thread: ms of CPU time, to 10 ms. */
export type ThreadTimes = ReadonlyMap<string, number>;

const tasksFolder = "/proc/self/task";
const tickMs = 10;

/** CPU time of this thread so far, ms. */
export function threadMs(): number {
  // Of a thread alone Linux gives what its last tick, up to 4 ms ago, has counted; asked for the process it counts anew.
  process.cpuUsage();
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** Null where the system does not say. */
export function threadTimes(): ThreadTimes | null {
  try {
    return new Map(readdirSync(tasksFolder).map((thread) => [thread, cpuMsOf(readFileSync(`${tasksFolder}/${thread}/stat`, "utf8"))]));
  } catch {
    return null;
  }
}

/** What the busiest thread has taken between two looks; null where nothing is known. */
export function busiestMs(before: ThreadTimes | null, after: ThreadTimes | null): number | null {
  if (before === null || after === null) return null;
  return Math.max(...[...after].map(([thread, ms]) => ms - (before.get(thread) ?? 0)));
}

/** User and system time are the 14th and 15th field; the second, the name, may hold blanks. */
function cpuMsOf(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}
