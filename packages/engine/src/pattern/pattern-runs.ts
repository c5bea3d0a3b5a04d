import type { Automaton, Guard } from "./automaton.ts";
import type { SkipStrategy } from "./pattern-spec.ts";
import type { StageFolds } from "./stage-values.ts";

/** An event that runs share; identity is its number, never its value. */
export interface PatternEvent<E> {
  readonly sequence: number;
  readonly time: number;
  readonly value: E;
}

/** What a run has taken, newest first; runs share their beginnings. */
export interface Taken<E> {
  readonly stage: string;
  readonly event: PatternEvent<E>;
  readonly before: Taken<E> | null;
  /**
   * By aggregate: what is known of it over the events up to this one; see `stage-values.ts`. Of a stage that no aggregate is
   * over it is the list of the event before. No part of what the run is.
   */
  readonly folds: StageFolds;
}

/** A partial match. The start run, which waits for a first event, has taken nothing. */
export interface Run<E> {
  readonly state: number;
  readonly taken: Taken<E> | null;
  readonly first: PatternEvent<E> | null;
  readonly lastTime: number;
}

/** A completed or timed-out match. */
export interface Match<E> {
  /** By stage, in order. */
  readonly events: ReadonlyMap<string, readonly PatternEvent<E>[]>;
  readonly first: PatternEvent<E>;
  /** All events, the last first. */
  readonly taken: Taken<E>;
  /** Timed out: when. Emitted after waiting for an absence: when the wait was over. Else the time of the last event. */
  readonly time: number;
}

export interface StepResult<E> {
  readonly matches: readonly Match<E>[];
  readonly timeouts: readonly Match<E>[];
}

/** Answers a condition for a candidate event and what the run has taken so far. */
export type ConditionTest<E> = (condition: number, event: PatternEvent<E>, taken: Taken<E> | null) => boolean;

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

/** What the runs of all keys of a pattern have in common, and lists that are filled anew for each event. */
export class RunRules<E> {
  readonly automaton: Automaton;
  readonly skip: SkipStrategy;
  readonly test: ConditionTest<E>;
  /** States that are still to be looked at. */
  readonly stack: number[] = [];
  readonly endStack: number[] = [];
  /** What has come of the event so far; of `open` the first `opened`. */
  readonly open: Run<E>[] = [];
  opened = 0;
  readonly complete: Run<E>[] = [];
  /** Whether the event that was processed last became part of any run, and whether it changed any. */
  hasTaken = false;
  hasChanged = false;
  /** The run of a key that waits for a first event. */
  readonly start: Run<E>;
  readonly onlyStart: readonly Run<E>[];
  /** Whether runs that began earlier also run out of time earlier, or at the same time. */
  readonly endInOrder: boolean;
  /** By state: whether it can be left without an event. */
  readonly proceeds: readonly boolean[];

  /** By state: whether an aggregate is over the stage whose event it waits for. */
  readonly aggregated: readonly boolean[];
  /** Nothing is known of any aggregate; to be copied. */
  readonly unknownFolds: StageFolds;

  /** `aggregates`: of the events that runs have taken, with their stages; null is all of them. */
  constructor(
    automaton: Automaton,
    skip: SkipStrategy,
    test: ConditionTest<E>,
    aggregates: readonly { readonly stage: string | null }[] = [],
  ) {
    this.automaton = automaton;
    this.skip = skip;
    this.test = test;
    this.start = { state: automaton.start, taken: null, first: null, lastTime: Number.NEGATIVE_INFINITY };
    this.onlyStart = [this.start];
    this.endInOrder = automaton.states.every(({ withinPreviousMs }) => withinPreviousMs === null);
    this.aggregated = automaton.states.map((state) => aggregates.some(({ stage }) => stage === null || stage === state.stage));
    this.unknownFolds = aggregates.map(() => undefined);
    this.proceeds = automaton.states.map(({ edges }) => edges.some(({ action }) => action === "proceed"));
  }
}

const none: readonly never[] = [];

/**
 * The runs of one key. Call `advanceTime` before each event and whenever time is known to have passed, then
 * `process` with the event. Deterministic; the caller keeps `snapshot`.
 */
export class PatternRuns<E> {
  readonly #rules: RunRules<E>;
  /** In order of their first events, as what comes of a run stands where the run stood; the start run is the last. */
  #runs: readonly Run<E>[];
  /** Complete, but held back while a run that began earlier may still complete: in order of first events, then of completion. */
  #completed: Run<E>[];

  constructor(rules: RunRules<E>, restored?: { readonly runs: readonly Run<E>[]; readonly completed: readonly Run<E>[] }) {
    this.#rules = rules;
    this.#runs = restored === undefined ? rules.onlyStart : restored.runs;
    this.#completed = restored === undefined ? [] : [...restored.completed];
  }

  get runs(): readonly Run<E>[] {
    return this.#runs;
  }

  get completed(): readonly Run<E>[] {
    return this.#completed;
  }

  /** Nothing but the start run is left: the key needs no state. */
  get idle(): boolean {
    return this.#runs.length === 1 && this.#completed.length === 0;
  }

  /** Earliest time at which a run times out, or +Infinity. */
  get nextTimeout(): number {
    if (this.#rules.endInOrder) return this.#runs.length === 0 ? Number.POSITIVE_INFINITY : this.#deadline(this.#runs[0]);
    let earliest = Number.POSITIVE_INFINITY;
    for (const run of this.#runs) earliest = Math.min(earliest, this.#deadline(run));
    return earliest;
  }

  /** Time has reached `time`: runs that may last no longer end; those that waited for an absence are matches. */
  advanceTime(time: number): StepResult<E> {
    const { states } = this.#rules.automaton;
    const matches: Run<E>[] = [];
    const timeouts: Match<E>[] = [];
    let waited: Map<Run<E>, number> | null = null;
    for (const run of this.#takeEnded(time)) {
      const deadline = this.#deadline(run);
      if (states[run.state].kind === "pending") {
        matches.push(run);
        waited ??= new Map();
        waited.set(run, deadline);
      } else {
        const match = toMatch(run, deadline);
        if (match !== null) timeouts.push(match);
      }
    }
    if (matches.length === 0 && this.#completed.length === 0) return timeouts.length === 0 ? nothing : { matches: none, timeouts };
    return { matches: this.#emit(matches, waited), timeouts };
  }

  /** Takes away the runs that may not last beyond `time`, in order. */
  #takeEnded(time: number): readonly Run<E>[] {
    const runs = this.#runs;
    if (!this.#rules.endInOrder) {
      const ended = runs.filter((run) => this.#deadline(run) <= time);
      if (ended.length > 0) this.#runs = runs.filter((run) => !(this.#deadline(run) <= time));
      return ended;
    }
    let count = 0;
    while (count < runs.length && this.#deadline(runs[count]) <= time) count++;
    if (count === 0) return none;
    this.#runs = runs.slice(count);
    return runs.slice(0, count);
  }

  /** Processes an event, whose time was announced by `advanceTime`. What it did to runs is then said by `hasTaken` and `hasChanged` of the rules. */
  process(event: PatternEvent<E>): StepResult<E> {
    const rules = this.#rules;
    const { open, complete } = rules;
    const runs = this.#runs;
    rules.opened = 0;
    rules.hasTaken = false;
    for (const run of runs) {
      const before = rules.opened;
      if (this.#follow(run, event)) rules.opened = before;
    }
    rules.hasChanged = complete.length > 0 || rules.opened !== runs.length;
    for (let i = 0; i < runs.length && !rules.hasChanged; i++) rules.hasChanged = runs[i] !== open[i];
    if (rules.hasChanged) this.#runs = open.slice(0, rules.opened);
    if (complete.length === 0 && this.#completed.length === 0) return nothing;
    const found = complete.length;
    const matches = this.#emit(complete, null);
    if (found > 0) complete.length = 0;
    rules.hasChanged ||= matches.length > 0;
    return { matches, timeouts: none };
  }

  /** No event comes any more: runs that wait without a time limit never complete, and hold back nothing. */
  end(): StepResult<E> {
    this.#runs = this.#runs.filter((run) => run.first === null);
    return { matches: this.#emit([], null), timeouts: [] };
  }

  /** Gives up the youngest runs, and the latest complete ones, beyond `most` of each; returns how many. The start run stays. */
  limit(most: number): number {
    const runs = Math.max(0, this.#runs.length - 1 - most);
    const completed = Math.max(0, this.#completed.length - most);
    // The start run is the last: what comes of a run stands where the run stood.
    if (runs > 0) this.#runs = [...this.#runs.slice(0, most), ...this.#runs.slice(-1)];
    if (completed > 0) this.#completed = this.#completed.slice(0, most);
    return runs + completed;
  }

  /** When the run times out, exclusive bounds: at this very time it is over. */
  #deadline(run: Run<E>): number {
    if (run.first === null) return Number.POSITIVE_INFINITY;
    const { withinMs, states } = this.#rules.automaton;
    const { withinPreviousMs } = states[run.state];
    const whole = withinMs === null ? Number.POSITIVE_INFINITY : run.first.time + withinMs;
    return withinPreviousMs === null ? whole : Math.min(whole, run.lastTime + withinPreviousMs);
  }

  /** Adds all runs that come of one run and an event to those that are open or complete; true when a forbidden event ended the open ones. */
  #follow(run: Run<E>, event: PatternEvent<E>): boolean {
    const rules = this.#rules;
    const { stack, automaton } = rules;
    const { states } = automaton;
    let isStopped = false;
    stack[0] = run.state;
    for (let size = 1; size > 0; ) {
      const state = stack[--size];
      const { stage, edges } = states[state];
      for (const { action, target, guard } of edges) {
        if (!this.#holds(guard, event, run.taken)) continue;
        if (action === "proceed") {
          stack[size++] = target;
        } else if (action === "take") {
          rules.hasTaken = true;
          const folds = run.taken === null || rules.aggregated[state] ? rules.unknownFolds.slice() : run.taken.folds;
          const taken: Taken<E> = { stage, event, before: run.taken, folds };
          const first = run.first ?? event;
          if (this.#add({ state: target, taken, first, lastTime: event.time })) isStopped = true;
          const end = rules.proceeds[target] ? this.#endBehind(target, event, run.taken) : null;
          if (end !== null) this.#add({ state: end, taken, first, lastTime: event.time });
        } else if (run.first !== null) {
          const { taken, first, lastTime } = run;
          if (this.#add(run.state === target ? run : { state: target, taken, first, lastTime })) isStopped = true;
        }
      }
    }
    if (run.first === null) this.#add(run);
    return isStopped;
  }

  /** Returns whether the run is dead. */
  #add(run: Run<E>): boolean {
    const rules = this.#rules;
    const { kind } = rules.automaton.states[run.state];
    if (kind === "stop") return true;
    if (kind === "final") rules.complete.push(run);
    else rules.open[rules.opened++] = run;
    return false;
  }

  #holds(guard: Guard, event: PatternEvent<E>, taken: Taken<E> | null): boolean {
    switch (guard.kind) {
      case "true":
        return true;
      case "test":
        return this.#rules.test(guard.condition, event, taken);
      case "not":
        return !this.#holds(guard.of, event, taken);
      case "and":
        return this.#holds(guard.left, event, taken) && this.#holds(guard.right, event, taken);
    }
  }

  /** A final state that can be reached without a further event; null when there is none. */
  #endBehind(start: number, event: PatternEvent<E>, taken: Taken<E> | null): number | null {
    const { automaton, endStack: stack } = this.#rules;
    const { states } = automaton;
    stack[0] = start;
    for (let size = 1; size > 0; ) {
      for (const { action, target, guard } of states[stack[--size]].edges) {
        if (action !== "proceed" || !this.#holds(guard, event, taken)) continue;
        if (states[target].kind === "final") return target;
        stack[size++] = target;
      }
    }
    return null;
  }

  /** Emits what may be emitted now, in order of first events, and drops what the skip strategy excludes. */
  #emit(found: readonly Run<E>[], waited: ReadonlyMap<Run<E>, number> | null): readonly Match<E>[] {
    const [held] = this.#completed;
    if (found.length === 0 && held !== undefined && numberOfFirst(held) > this.#earliestOpen()) return none;
    const emitted: Match<E>[] = [];
    const put = (run: Run<E>): Match<E> | null => {
      const match = toMatch(run, waited?.get(run) ?? run.lastTime);
      if (match !== null) emitted.push(match);
      return match;
    };
    if (this.#rules.skip.kind === "noSkip") {
      for (const run of found) put(run);
      return emitted;
    }
    for (const run of found) this.#hold(run);
    for (let earliest = this.#completed.at(0); earliest !== undefined; earliest = this.#completed.at(0)) {
      if (numberOfFirst(earliest) > this.#earliestOpen()) break;
      this.#completed.shift();
      const told = put(earliest);
      if (told !== null) this.#prune(told);
    }
    return emitted;
  }

  /** Puts a complete run behind those with the same first event. */
  #hold(run: Run<E>): void {
    const completed = this.#completed;
    const number = numberOfFirst(run);
    let at = completed.length;
    while (at > 0 && numberOfFirst(completed[at - 1]) > number) at--;
    if (at === completed.length) completed.push(run);
    else completed.splice(at, 0, run);
  }

  /** Number of the earliest first event of all open runs; +Infinity when there is none. */
  #earliestOpen(): number {
    return this.#runs.length === 0 ? Number.POSITIVE_INFINITY : numberOfFirst(this.#runs[0]);
  }

  #prune(match: Match<E>): void {
    const bound = pruneBound(this.#rules.skip, match);
    if (bound === null) return;
    this.#runs = from(this.#runs, bound);
    if (this.#completed.length > 0) this.#completed = from(this.#completed, bound);
  }
}

const nothing = { matches: none, timeouts: none };

/** The runs whose first event has at least this number, and those that have none. */
function from<E>(runs: readonly Run<E>[], bound: number): Run<E>[] {
  let at = 0;
  while (at < runs.length && numberOfFirst(runs[at]) < bound) at++;
  return runs.slice(at);
}

function numberOfFirst({ first }: Run<unknown>): number {
  return first?.sequence ?? Number.POSITIVE_INFINITY;
}

/** Runs whose first event has a smaller number are dropped; null: none is. */
function pruneBound(skip: SkipStrategy, match: Match<unknown>): number | null {
  switch (skip.kind) {
    case "noSkip":
      return null;
    case "skipToNext":
      return match.first.sequence + 1;
    case "skipPastLastEvent":
      return match.taken.event.sequence + 1;
    default: {
      const events = match.events.get(skip.stage) ?? [];
      const target = skip.kind === "skipToFirst" ? events.at(0) : events.at(-1);
      if (target === undefined) {
        if (skip.failWithoutStage) throw new SkipError("skipStageNotInMatch", skip.stage);
        return null;
      }
      if (skip.failWithoutStage && target.sequence === match.first.sequence) throw new SkipError("skipToStartOfMatch", skip.stage);
      return target.sequence;
    }
  }
}

function toMatch<E>({ first, taken }: Run<E>, time: number): Match<E> | null {
  return first === null || taken === null ? null : new RunMatch(first, taken, time);
}

class RunMatch<E> implements Match<E> {
  readonly first: PatternEvent<E>;
  readonly taken: Taken<E>;
  readonly time: number;

  constructor(first: PatternEvent<E>, taken: Taken<E>, time: number) {
    this.first = first;
    this.taken = taken;
    this.time = time;
  }

  get events(): ReadonlyMap<string, readonly PatternEvent<E>[]> {
    const path: Taken<E>[] = [];
    for (let taken: Taken<E> | null = this.taken; taken !== null; taken = taken.before) path.push(taken);
    const events = new Map<string, PatternEvent<E>[]>();
    for (const { stage, event } of path.reverse()) {
      const known = events.get(stage);
      if (known === undefined) events.set(stage, [event]);
      else known.push(event);
    }
    return events;
  }
}
