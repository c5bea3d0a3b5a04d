/** What a counter of an operator is called, and what it means. */
export interface CounterWords {
  readonly label: string;
  readonly help: string;
  /** Counters that are a state rather than a number: its words at 0 and at 1. */
  readonly states?: readonly [string, string];
}

const words: Readonly<Record<string, CounterWords>> = {
  ahead_of_clock: { label: "Ahead of the clock", help: "Records whose time is further ahead of the clock than the source allows." },
  asked: { label: "Asked", help: "Questions that have been put to the outside." },
  buffered: { label: "Held", help: "Records that are held until they can be decided." },
  buffered_left: { label: "Held, left", help: "Left records that may still find a partner." },
  buffered_right: { label: "Held, right", help: "Right records that may still find a partner." },
  cache_evicted: { label: "Answers given up", help: "Kept answers that made room for others before their time." },
  cache_rows: { label: "Answers kept", help: "Answers that are used again instead of asking." },
  cached: { label: "From the cache", help: "Records that were answered without asking." },
  duplicates: { label: "Duplicates", help: "Repeats that were dropped or replaced." },
  evicted_left: {
    label: "Evicted, left",
    help: "Left records that were forgotten after their time to live: what comes later no longer meets them.",
  },
  evicted_right: {
    label: "Evicted, right",
    help: "Right records that were forgotten after their time to live: what comes later no longer meets them.",
  },
  expired: { label: "Expired", help: "Keys that were forgotten after their time to live: their windows begin anew." },
  failed: { label: "Failed", help: "Questions that were given up." },
  held_splits: { label: "Splits held back", help: "Partitions, or the source itself, that wait until others have caught up." },
  in_range: { label: "In range", help: "Records that are still looked back at." },
  lag: { label: "Lag", help: "Records that are there and have not been read yet." },
  loading: { label: "Phase", help: "Whether the table is still loaded, so that left records wait.", states: ["Joining", "Loading"] },
  not_arrays: { label: "Not arrays", help: "Values that are neither NULL nor an array." },
  null_time: { label: "Without a time", help: "Records that were read without an event time." },
  null_keys: { label: "NULL keys", help: "Records that were dropped, because a NULL in the key has no partner." },
  outside_window: { label: "Outside", help: "Records that lie in none of the windows, which have gaps between them." },
  overflow: { label: "Overflow", help: "Left records for which there was no room while the table was loaded." },
  partially_late: { label: "Partly late", help: "Records that were late for some of their windows, and counted in the others." },
  raised_now: { label: "Raised now", help: "Alerts that are raised and not cleared." },
  right_rows: { label: "Table rows", help: "Rows of the table that left records meet." },
  runs: { label: "Partial matches", help: "Matches that have begun and are not complete." },
  runs_dropped: { label: "Matches dropped", help: "Partial matches beyond the most that are kept for a key." },
  set_now: { label: "Set now", help: "Flags that are set." },
  suppressed: { label: "Suppressed", help: "Records that would have raised an alert." },
  unknown_retractions: { label: "Unknown", help: "Rows that were taken back without being known, as after an eviction." },
  unmatched: { label: "Unmatched", help: "Records without a partner." },
  versions: { label: "Versions", help: "Versions of the right that may still be seen." },
  waiting: { label: "Waiting", help: "Records that wait for an answer." },
  without_time: { label: "Without time", help: "Records that were dropped, because they have no event time." },
};

/** The words for a counter; those that nobody has named are called by their name. */
export function counterWords(name: string): CounterWords {
  return Object.hasOwn(words, name) ? words[name] : { label: name.replaceAll("_", " "), help: "" };
}

/** A counter's value in words, where it is a state; null where it is a number. */
export function counterState(name: string, value: number): string | null {
  const { states } = counterWords(name);
  return states === undefined ? null : states[value === 0 ? 0 : 1];
}
