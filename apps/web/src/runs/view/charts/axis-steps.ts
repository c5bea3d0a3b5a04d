/** Distances between the ticks of an axis that make for round words; uPlot takes the first that leaves room. */

/** Counts and rates: 1, 2, 5, 10, 20, 50, … */
export const countSteps: readonly number[] = Array.from({ length: 12 }, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** power)).flat();

/** Sizes in memory: powers of two, so that an axis says 64 kB and not 62.5 kB. */
export const byteSteps: readonly number[] = Array.from({ length: 48 }, (_, power) => 2 ** power);

/** Durations in seconds. */
export const durationSteps: readonly number[] = [
  0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 3600, 7200, 10_800, 14_400, 21_600, 43_200, 86_400, 604_800, 2_592_000,
  31_536_000,
];
