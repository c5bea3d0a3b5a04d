/** What faults change about the run, and what they found out. */
export interface ChaosState {
  /** Number of the newest deployment. */
  deployment: number;
  readonly tally: Tally;
}

/** How what was broken in the store was answered, and what owners that were fenced did. */
export interface Tally {
  /** Chunks damaged and stores flushed. */
  damages: number;
  /** With which codes it stopped, and how often. */
  readonly stops: Map<string, number>;
  /** Those after which the pipeline stopped and said why. */
  detected: number;
  /** Owners that came back after another had taken the pipeline over. */
  zombies: number;
  /** Writes with a token older than one that had written before: there may be none. */
  staleWrites: number;
  /** The first few things that went wrong, in words. */
  readonly examples: string[];
}

/** Nothing has happened yet. */
export function newTally(): Tally {
  return { damages: 0, detected: 0, stops: new Map(), zombies: 0, staleWrites: 0, examples: [] };
}
