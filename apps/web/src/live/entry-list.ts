/** Something that a capped stream holds; ids are `ms-sequence`, so later ones are greater. */
export interface Identified {
  readonly id: string;
}

/**
 * Newest first, without repeats, at most `limit`: what is known with what arrived. `arrived` may be in any order and
 * may repeat what is known, as it does after a reconnect.
 */
export function mergeEntries<E extends Identified>(known: readonly E[], arrived: readonly E[], limit: number): readonly E[] {
  const seen = new Set(known.map((entry) => entry.id));
  const fresh = arrived.filter((entry) => {
    if (seen.has(entry.id)) return false;
    seen.add(entry.id);
    return true;
  });
  if (fresh.length === 0) return known;
  return [...fresh, ...known].sort((a, b) => compareStreamIds(b.id, a.id)).slice(0, limit);
}

/** Order of two Redis stream ids. */
export function compareStreamIds(a: string, b: string): number {
  const [aMs = 0, aSequence = 0] = a.split("-").map(Number);
  const [bMs = 0, bSequence = 0] = b.split("-").map(Number);
  return aMs - bMs || aSequence - bSequence;
}
