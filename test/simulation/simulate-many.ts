import { simulate } from "./simulate.ts";
import type { Wiring } from "./wiring.ts";

/** What many simulations brought. */
export interface SimTotals {
  readonly seeds: number;
  /** The first that went wrong, in words with which it can be seen again; null: none. */
  readonly failure: { readonly seed: number; readonly report: string } | null;
  readonly crashPoints: ReadonlyMap<number, number>;
}

/** Simulates `count` seeds from `from` on, until one goes wrong. `onSeed` is told after each. */
export async function simulateMany(
  from: number,
  count: number,
  wiring?: Wiring,
  onSeed: (done: number) => void = () => {},
): Promise<SimTotals> {
  const crashPoints = new Map<number, number>();
  for (let k = 0; k < count; k++) {
    const seed = from + k;
    const result = await simulate(seed, wiring === undefined ? {} : { wiring });
    for (const [point, hits] of result.crashPoints) crashPoints.set(point, (crashPoints.get(point) ?? 0) + hits);
    onSeed(k + 1);
    if (result.problem === null) continue;
    const report = `seed ${seed} (${result.story}): ${result.problem}\nreplay: npm run sim -- --seed ${seed} --trace`;
    return { seeds: k + 1, failure: { seed, report }, crashPoints };
  }
  return { seeds: count, failure: null, crashPoints };
}
