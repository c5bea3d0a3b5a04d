/** One contender of a comparison: `cpuMs` works through all records `times` times and says what CPU time (user and system) that took. */
export interface Contender {
  readonly name: string;
  readonly records: number;
  cpuMs(times: number): Promise<number>;
}

export interface Measured {
  readonly name: string;
  /** Records per CPU second (user and system) of each counted round, in order. */
  readonly perCpuSecond: readonly number[];
  readonly median: number;
}

/** A round runs a contender again until it has taken this much CPU time: shorter ones say too little. */
const leastCpuMs = 250;
/** A pipeline runs for days: what its code costs before it is compiled is not what is asked for. */
const warmUpCpuMs = 2500;

/** Median; of an even count the lower of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}

/** A contender that works in this process; `run` works through all records once. */
export function inThisProcess(name: string, records: number, run: () => Promise<unknown>): Contender {
  return { name, records, cpuMs: (times) => cpuMsOfRuns(run, times) };
}

/**
 * What it takes this process to run something so many times, in ms of CPU time. No collection is forced before it: one between two
 * runs, when nothing of a pipeline lives, makes V8 throw away what it has compiled for its objects, which costs more than
 * the garbage; a pipeline that goes on never sees that.
 */
export async function cpuMsOfRuns(run: () => Promise<unknown>, times: number): Promise<number> {
  const before = process.cpuUsage();
  for (let i = 0; i < times; i++) await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/**
 * Runs the contenders in turn (A B A B …), each after a warm-up that is not counted, and measures their CPU time,
 * so that a slower moment of the machine meets all of them alike.
 */
export async function measureInTurn(
  contenders: readonly Contender[],
  rounds: number,
  onProgress: (line: string) => void = () => {},
): Promise<Measured[]> {
  const times: number[] = [];
  for (const contender of contenders) times.push(await warmUp(contender));
  const rates = contenders.map((): number[] => []);
  for (let round = 1; round <= rounds; round++) {
    for (const [i, contender] of contenders.entries()) {
      const cpuMs = await contender.cpuMs(times[i]);
      const rate = (contender.records * times[i] * 1000) / cpuMs;
      rates[i].push(rate);
      onProgress(`round ${round}  ${contender.name}: ${(rate / 1e6).toFixed(3)} M records per CPU second`);
    }
  }
  return contenders.map(({ name }, i) => ({ name, perCpuSecond: rates[i], median: median(rates[i]) }));
}

/** Runs a contender until it is compiled; returns how many times it is to run in a round. */
async function warmUp(contender: Contender): Promise<number> {
  let cpuMs = 0;
  for (let total = 0; total < warmUpCpuMs; total += cpuMs) cpuMs = await contender.cpuMs(1);
  return Math.max(1, Math.ceil(leastCpuMs / cpuMs));
}
