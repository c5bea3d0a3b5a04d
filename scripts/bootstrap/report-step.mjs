/**
 * Prints `1/7 Install dependencies …`, does the work, and ends the line with how long it took.
 *
 * @template T
 * @param {{ readonly number: number, readonly of: number, readonly title: string }} step
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function reportStep(step, work) {
  const startedMs = performance.now();
  process.stdout.write(`${step.number}/${step.of} ${step.title} … `);
  try {
    const result = await work();
    process.stdout.write(`${formatSeconds(performance.now() - startedMs)}\n`);
    return result;
  } catch (error) {
    process.stdout.write("failed\n");
    throw error;
  }
}

/** @param {number} durationMs */
export function formatSeconds(durationMs) {
  return durationMs < 9950 ? `${(durationMs / 1000).toFixed(1)} s` : `${Math.round(durationMs / 1000)} s`;
}
