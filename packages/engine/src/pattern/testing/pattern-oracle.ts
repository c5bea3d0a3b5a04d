/** A stage, or a group of them, that comes between `min` and `max` times; events suit a stage by its letter. */
export interface OracleStage {
  readonly name: string;
  readonly contiguity: "strict" | "relaxed" | "relaxedAny";
  readonly min: number;
  readonly max: number;
  readonly optional: boolean;
  readonly inner: "strict" | "relaxed" | "relaxedAny";
  /** null: a single stage. */
  readonly group: readonly OracleStage[] | null;
}

/** One event that is wanted. */
interface Wanted {
  readonly letter: string;
  readonly contiguity: OracleStage["contiguity"];
}

/**
 * All matches of a pattern in letters that come one each ms, as indexes: by writing out every number of repetitions and
 * trying every way to choose the next event. Slow and plain, for comparison with the automaton. A choice of events that
 * comes of several repetitions is there once.
 */
export function allMatches(stages: readonly OracleStage[], letters: readonly string[], withinMs: number): number[][] {
  const found = writtenOut(stages).flatMap((wanted) => (wanted.length === 0 ? [] : matchesOf(wanted, letters, withinMs)));
  return [...new Map(found.map((match) => [match.join(), match])).values()];
}

/** Every sequence of events that the stages allow. `follows`: how the first of the stages follows, when it is not left out. */
function writtenOut(stages: readonly OracleStage[], follows = stages[0].contiguity): Wanted[][] {
  return stages.reduce<Wanted[][]>(
    (before, stage, i) => {
      const rounds = roundsOf(stage, i === 0 ? follows : stage.contiguity);
      return before.flatMap((first) => rounds.map((rest) => [...first, ...rest]));
    },
    [[]],
  );
}

function roundsOf(stage: OracleStage, follows: OracleStage["contiguity"]): Wanted[][] {
  const found: Wanted[][] = stage.optional ? [[]] : [];
  let rounds: Wanted[][] = [[]];
  for (let count = 1; count <= stage.max; count++) {
    const contiguity = count === 1 ? follows : stage.inner;
    const round = stage.group === null ? [[{ letter: stage.name, contiguity }]] : writtenOut(stage.group, contiguity);
    rounds = rounds.flatMap((before) => round.map((next) => [...before, ...next]));
    if (count >= stage.min) found.push(...rounds);
  }
  return found;
}

function matchesOf(wanted: readonly Wanted[], letters: readonly string[], withinMs: number): number[][] {
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
