/** A stage that comes a fixed number of times; events suit it by their letter. */
export interface OracleStage {
  readonly name: string;
  readonly contiguity: "strict" | "relaxed" | "relaxedAny";
  readonly count: number;
  readonly inner: "strict" | "relaxed" | "relaxedAny";
}

/**
 * All matches of a pattern in letters that come one each ms, as indexes: by trying every way to choose the next event.
 * Slow and plain, for comparison with the automaton.
 */
export function allMatches(stages: readonly OracleStage[], letters: readonly string[], withinMs: number): number[][] {
  const wanted = stages.flatMap(({ name, contiguity, count, inner }) =>
    Array.from({ length: count }, (_, i) => ({ letter: name, contiguity: i === 0 ? contiguity : inner })),
  );
  const found: number[][] = [];
  const search = (taken: readonly number[]): void => {
    if (taken.length === wanted.length) {
      found.push([...taken]);
      return;
    }
    const { letter, contiguity } = wanted[taken.length];
    const last = taken.at(-1);
    for (let i = (last ?? -1) + 1; i < letters.length && i - (taken.at(0) ?? i) < withinMs; i++) {
      const suits = letters[i] === letter;
      if (suits) search([...taken, i]);
      // The first event may be any; after it, strict looks at one event, and relaxed no further than at the first that suits.
      if (last !== undefined && (contiguity === "strict" || (contiguity === "relaxed" && suits))) return;
    }
  };
  search([]);
  return found;
}
