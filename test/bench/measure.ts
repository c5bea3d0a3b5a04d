/** One contender of a comparison: `run` works through all records once and returns its output for checking. */
export interface Contender {
  readonly name: string;
  readonly records: number;
  run(): Promise<string>;
}

export interface Measured {
  readonly name: string;
  /** Records per CPU second (user and system) of each counted run, in order. */
  readonly perCpuSecond: readonly number[];
  readonly median: number;
}

/** Median; of an even count the lower of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}

/**
 * Runs the contenders in turn (A B A B …), after one warm-up round that is not counted, and measures CPU time of
 * this process, so that a slower moment of the machine meets all of them alike.
 */
export async function measureInTurn(
  contenders: readonly Contender[],
  rounds: number,
  onProgress: (line: string) => void,
): Promise<Measured[]> {
  const rates = contenders.map((): number[] => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [i, contender] of contenders.entries()) {
      const before = process.cpuUsage();
      await contender.run();
      const { user, system } = process.cpuUsage(before);
      const rate = (contender.records / (user + system)) * 1e6;
      if (round > 0) rates[i].push(rate);
      onProgress(`${round === 0 ? "warm-up" : `round ${round}`}  ${contender.name}: ${(rate / 1e6).toFixed(3)} M records per CPU second`);
    }
  }
  return contenders.map(({ name }, i) => ({ name, perCpuSecond: rates[i], median: median(rates[i]) }));
}
