import type { Automaton } from "../automaton.ts";
import type { SkipStrategy } from "../pattern-spec.ts";
import { SkipError, stagesOf } from "../run-rules.ts";
import { RunTable } from "../run-table.ts";
import { TakenEvents } from "../taken-events.ts";

export { SkipError };

/** An event that runs share; identity is its number, never its value. */
export interface PatternEvent<E> {
  readonly sequence: number;
  readonly time: number;
  readonly value: E;
}

/** A completed or timed-out match. */
export interface Match<E> {
  /** By stage, in order. */
  readonly events: ReadonlyMap<string, readonly PatternEvent<E>[]>;
  /** Timed out: when. Emitted after waiting for an absence: when the wait was over. Else the time of the last event. */
  readonly time: number;
}

/** Answers a condition for an event and what a run has taken for a stage so far. */
export type EventTest<E> = (condition: number, event: PatternEvent<E>, takenFor: (stage: string) => readonly PatternEvent<E>[]) => boolean;

/** The runs of one key over events of any kind, as the operator drives those of many. Call `advanceTime` before each `process`. */
export class SingleKeyRuns<E> {
  readonly #stages: readonly string[];
  readonly #taken: TakenEvents;
  readonly #table: RunTable;
  /** By number of the event that a run has taken. */
  readonly #events: PatternEvent<E>[] = [];
  #offered: PatternEvent<E> | null = null;
  #matches: Match<E>[] = [];
  #timeouts: Match<E>[] = [];
  readonly #listener = {
    match: (_: number, taken: number, time: number): void => {
      this.#matches.push({ events: this.#byStage(taken), time });
    },
    timeout: (_: number, taken: number, time: number): void => {
      this.#timeouts.push({ events: this.#byStage(taken), time });
    },
  };

  constructor(automaton: Automaton, skip: SkipStrategy, holds: EventTest<E>) {
    this.#stages = stagesOf(automaton);
    this.#taken = new TakenEvents([], { count: 0, of: [] }, (event) => {
      if (this.#offered !== null) this.#events[event] = this.#offered;
    });
    const test = (condition: number, taken: number): boolean =>
      this.#offered !== null && holds(condition, this.#offered, (stage) => this.#byStage(taken).get(stage) ?? []);
    this.#table = new RunTable({ automaton, skip, test, taken: this.#taken, stages: this.#stages });
  }

  /** Nothing but the run that waits for a first event is left. */
  get idle(): boolean {
    return this.#table.isIdle(0);
  }

  /** Partial and held back matches. */
  get size(): number {
    return this.#table.size;
  }

  advanceTime(time: number): { readonly matches: readonly Match<E>[]; readonly timeouts: readonly Match<E>[] } {
    this.#table.advanceTime(0, time, this.#listener);
    return this.#told();
  }

  process(event: PatternEvent<E>): { readonly matches: readonly Match<E>[]; readonly timeouts: readonly Match<E>[] } {
    this.#offered = event;
    this.#taken.offer(event.sequence, event.time);
    this.#table.process(0, true, this.#listener);
    return this.#told();
  }

  #told(): { readonly matches: readonly Match<E>[]; readonly timeouts: readonly Match<E>[] } {
    const told = { matches: this.#matches, timeouts: this.#timeouts };
    this.#matches = [];
    this.#timeouts = [];
    return told;
  }

  #byStage(newest: number): ReadonlyMap<string, readonly PatternEvent<E>[]> {
    const { befores, stages, events } = this.#taken;
    const path: number[] = [];
    for (let taken = newest; taken >= 0; taken = befores[taken]) path.push(taken);
    const found = new Map<string, PatternEvent<E>[]>();
    for (const taken of path.reverse()) {
      const stage = this.#stages[stages[taken]];
      const of = found.get(stage) ?? [];
      found.set(stage, of);
      of.push(this.#events[events[taken]]);
    }
    return found;
  }
}
