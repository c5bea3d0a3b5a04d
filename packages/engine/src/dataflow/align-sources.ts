import type { Alignment } from "../time/watermark.ts";

/** A source that may have to wait for others. */
export interface AlignedSource {
  /** With whom it keeps step; null: with nobody, also when it has ended. */
  readonly alignment: Alignment | null;
  /** The least watermark of its splits that have records and are not idle; infinite when there is none. */
  readonly leastWatermark: number;
  holdBeyond(limit: number): void;
}

/**
 * Holds back, in each group, the splits whose watermark is more than the drift ahead of the least of the group. The least
 * itself is never held back. Splits that are idle, have ended or had no record yet do not count: nobody waits for them.
 */
export function alignSources(sources: readonly AlignedSource[]): void {
  const least = new Map<string, number>();
  for (const { alignment, leastWatermark } of sources) {
    if (alignment === null) continue;
    least.set(alignment.group, Math.min(least.get(alignment.group) ?? Number.POSITIVE_INFINITY, leastWatermark));
  }
  if (least.size === 0) return;
  for (const source of sources) {
    const { alignment } = source;
    if (alignment !== null) source.holdBeyond((least.get(alignment.group) ?? Number.POSITIVE_INFINITY) + alignment.maxDriftMs);
  }
}
