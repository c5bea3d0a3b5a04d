import type { Automaton } from "./automaton.ts";
import type { SkipStrategy } from "./pattern-spec.ts";
import type { TakenEvents } from "./taken-events.ts";

/** Answers a condition for the event that is being processed and what the run has taken so far; see `TakenEvents`. */
export type ConditionTest = (condition: number, taken: number) => boolean;

/** Is told what comes of the runs of a key, and has to read it at once. */
export interface RunsListener {
  /** `timeMs`: of a match after waiting for an absence when the wait was over, else the time of the last event. */
  match(key: number, taken: number, timeMs: number): void;
  /** `timeMs`: when the run ran out of time. */
  timeout(key: number, taken: number, timeMs: number): void;
}

/** A skip strategy names a stage that the match left empty, or would begin the same match again. */
export class SkipError extends Error {
  readonly code: "skipStageNotInMatch" | "skipToStartOfMatch";

  constructor(code: "skipStageNotInMatch" | "skipToStartOfMatch", stage: string) {
    super(
      code === "skipStageNotInMatch"
        ? `the match has no event of the stage ${stage} to skip to`
        : `skipping to ${stage} would begin the same match again`,
    );
    this.code = code;
  }
}

/** The stages of an automaton by name; their indexes are what `TakenEvents` knows of them. */
export function stagesOf({ states }: Automaton): readonly string[] {
  return [...new Set(states.map(({ stage }) => stage))];
}

/** When runs time out, or go on elsewhere, exclusive bounds: at that very time they are over. */
export class Deadlines {
  readonly #taken: TakenEvents;
  readonly #withinMs: number;
  /** By state. */
  readonly #withinPreviousMs: Float64Array;
  readonly #beyond: readonly (readonly number[])[];
  /** Whether runs that began earlier also run out of time earlier, or at the same time. */
  readonly inOrder: boolean;

  constructor({ withinMs, states }: Automaton, taken: TakenEvents) {
    this.#taken = taken;
    this.#withinMs = withinMs ?? Number.POSITIVE_INFINITY;
    this.#withinPreviousMs = Float64Array.from(states, ({ withinPreviousMs }) => withinPreviousMs ?? Number.POSITIVE_INFINITY);
    this.#beyond = states.map(({ beyond }) => beyond);
    this.inOrder = states.every(({ withinPreviousMs }) => withinPreviousMs === null);
  }

  of(state: number, taken: number): number {
    const { times, firsts, events } = this.#taken;
    const whole = times[firsts[taken]] + this.#withinMs;
    return this.inOrder ? whole : Math.min(whole, times[events[taken]] + this.#withinPreviousMs[state]);
  }

  /** In which states a run goes on that was over at `deadlineMs`; none: it has run out of time. */
  beyond(state: number, taken: number, deadlineMs: number): readonly number[] {
    const { times, firsts } = this.#taken;
    return deadlineMs < times[firsts[taken]] + this.#withinMs ? this.#beyond[state] : [];
  }
}

/** Runs whose first event has a smaller number are dropped behind a match; -Infinity: none is. */
export class Skipping {
  readonly #taken: TakenEvents;
  readonly #skip: SkipStrategy;
  readonly #stage: number;

  constructor(skip: SkipStrategy, stages: readonly string[], taken: TakenEvents) {
    this.#taken = taken;
    this.#skip = skip;
    this.#stage = "stage" in skip ? stages.indexOf(skip.stage) : -1;
  }

  /** Whether matches come out as they are found. */
  get isOff(): boolean {
    return this.#skip.kind === "noSkip";
  }

  /** Throws `SkipError`. */
  boundBehind(match: number): number {
    const skip = this.#skip;
    switch (skip.kind) {
      case "noSkip":
        return Number.NEGATIVE_INFINITY;
      case "skipToNext":
        return this.#taken.numberOfFirst(match) + 1;
      case "skipPastLastEvent":
        return this.#taken.numberOfLast(match) + 1;
      default: {
        const target = this.#target(match, skip.kind === "skipToLast");
        if (target === null) {
          if (skip.failWithoutStage) throw new SkipError("skipStageNotInMatch", skip.stage);
          return Number.NEGATIVE_INFINITY;
        }
        if (skip.failWithoutStage && target === this.#taken.numberOfFirst(match)) throw new SkipError("skipToStartOfMatch", skip.stage);
        return target;
      }
    }
  }

  /** Number of the last, or the first, event of the stage that is skipped to. */
  #target(match: number, isLast: boolean): number | null {
    const { stages, events, befores, sequences } = this.#taken;
    let found: number | null = null;
    for (let taken = match; taken >= 0; taken = befores[taken]) {
      if (stages[taken] !== this.#stage) continue;
      found = sequences[events[taken]];
      if (isLast) break;
    }
    return found;
  }
}
