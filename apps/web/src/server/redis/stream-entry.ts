/** One entry of a Redis stream. */
export interface StreamEntry {
  readonly id: string;
  readonly fields: ReadonlyMap<string, string>;
}

/** An entry as Redis replies: id and a flat list of names and values. */
export type RawEntry = readonly [id: string, fields: readonly string[]];

/** Gives an entry's fields their names. */
export function readEntry([id, flat]: RawEntry): StreamEntry {
  const fields = new Map<string, string>();
  for (let i = 0; i + 1 < flat.length; i += 2) fields.set(flat[i], flat[i + 1]);
  return { id, fields };
}

/** When an entry was added, ms since the epoch. */
export function entryTimeMs(id: string): number {
  return Number(id.slice(0, id.indexOf("-")));
}
