import { type Automaton, type Edge, holds } from "./automaton.ts";
import type { SkipStrategy } from "./pattern-spec.ts";

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
}

/** A partial match. The start run, which waits for a first event, has taken nothing. */
export interface Run<E> {
  readonly state: number;
  readonly taken: Taken<E> | null;
  readonly first: PatternEvent<E> | null;
  readonly lastTime: number;
}

/** A completed or timed-out match: events by stage, in order. */
export interface Match<E> {
  readonly events: ReadonlyMap<string, readonly PatternEvent<E>[]>;
  readonly first: PatternEvent<E>;
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

/**
 * The runs of one key. Call `advanceTime` before each event and whenever time is known to have passed, then
 * `process` with the event. Deterministic; the caller keeps `snapshot`.
 */
export class PatternRuns<E> {
  readonly #automaton: Automaton;
  readonly #skip: SkipStrategy;
  readonly #test: ConditionTest<E>;
  #runs: Run<E>[];
  /** Complete, but held back while a run that began earlier may still complete. */
  #completed: Run<E>[] = [];

  constructor(
    automaton: Automaton,
    skip: SkipStrategy,
    test: ConditionTest<E>,
    restored?: { readonly runs: readonly Run<E>[]; readonly completed: readonly Run<E>[] },
  ) {
    this.#automaton = automaton;
    this.#skip = skip;
    this.#test = test;
    this.#runs = restored === undefined ? [startRun(automaton)] : [...restored.runs];
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
    let earliest = Number.POSITIVE_INFINITY;
    for (const run of this.#runs) earliest = Math.min(earliest, this.#deadline(run));
    return earliest;
  }

  /** Time has reached `time`: runs that may last no longer end; those that waited for an absence are matches. */
  advanceTime(time: number): StepResult<E> {
    const alive: Run<E>[] = [];
    const matches: Run<E>[] = [];
    const timeouts: Match<E>[] = [];
    const waited = new Map<Run<E>, number>();
    for (const run of this.#runs) {
      const deadline = this.#deadline(run);
      if (deadline > time) {
        alive.push(run);
      } else if (this.#automaton.states[run.state].kind === "pending") {
        matches.push(run);
        waited.set(run, deadline);
      } else {
        const match = toMatch(run, deadline);
        if (match !== null) timeouts.push(match);
      }
    }
    this.#runs = alive;
    return { matches: this.#emit(matches, waited), timeouts };
  }

  /** Processes an event, whose time was announced by `advanceTime`. */
  process(event: PatternEvent<E>): StepResult<E> {
    const alive: Run<E>[] = [];
    const matches: Run<E>[] = [];
    for (const run of this.#runs) {
      const next = this.#next(run, event);
      let stopped = false;
      const open: Run<E>[] = [];
      for (const candidate of next) {
        const { kind } = this.#automaton.states[candidate.state];
        if (kind === "final") matches.push(candidate);
        else if (kind === "stop") stopped = true;
        else open.push(candidate);
      }
      if (!stopped) alive.push(...open);
    }
    this.#runs = alive;
    return { matches: this.#emit(matches, new Map()), timeouts: [] };
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
    const { withinMs } = this.#automaton;
    const { withinPreviousMs } = this.#automaton.states[run.state];
    const whole = withinMs === null ? Number.POSITIVE_INFINITY : run.first.time + withinMs;
    return withinPreviousMs === null ? whole : Math.min(whole, run.lastTime + withinPreviousMs);
  }

  /** All runs that come of one run and an event. */
  #next(run: Run<E>, event: PatternEvent<E>): Run<E>[] {
    const test = (condition: number): boolean => this.#test(condition, event, run.taken);
    const next: Run<E>[] = [];
    for (const { from, edge } of this.#edges(run.state, test)) {
      if (edge.action === "ignore") {
        if (run.first !== null) next.push({ ...run, state: edge.target });
        continue;
      }
      const taken: Taken<E> = { stage: this.#automaton.states[from].stage, event, before: run.taken };
      const follower: Run<E> = { state: edge.target, taken, first: run.first ?? event, lastTime: event.time };
      next.push(follower);
      const end = this.#endBehind(edge.target, test);
      if (end !== null) next.push({ ...follower, state: end });
    }
    if (run.first === null) next.push(run);
    return next;
  }

  /** Take and ignore edges that the event may use, also behind proceed edges. */
  #edges(start: number, test: (condition: number) => boolean): { readonly from: number; readonly edge: Edge }[] {
    const found: { from: number; edge: Edge }[] = [];
    const open = [start];
    for (let state = open.pop(); state !== undefined; state = open.pop()) {
      for (const edge of this.#automaton.states[state].edges) {
        if (!holds(edge.guard, test)) continue;
        if (edge.action === "proceed") open.push(edge.target);
        else found.push({ from: state, edge });
      }
    }
    return found;
  }

  /** A final state that can be reached without a further event; null when there is none. */
  #endBehind(start: number, test: (condition: number) => boolean): number | null {
    const open = [start];
    for (let state = open.pop(); state !== undefined; state = open.pop()) {
      for (const edge of this.#automaton.states[state].edges) {
        if (edge.action !== "proceed" || !holds(edge.guard, test)) continue;
        if (this.#automaton.states[edge.target].kind === "final") return edge.target;
        open.push(edge.target);
      }
    }
    return null;
  }

  /** Emits what may be emitted now, in order of first events, and drops what the skip strategy excludes. */
  #emit(found: readonly Run<E>[], waited: ReadonlyMap<Run<E>, number>): Match<E>[] {
    const emitted: Match<E>[] = [];
    const put = (run: Run<E>): Match<E> | null => {
      const match = toMatch(run, waited.get(run) ?? run.lastTime);
      if (match !== null) emitted.push(match);
      return match;
    };
    if (this.#skip.kind === "noSkip") {
      for (const run of found) put(run);
      return emitted;
    }
    this.#completed.push(...found);
    this.#completed.sort(byFirstEvent);
    for (let earliest = this.#completed.at(0); earliest !== undefined; earliest = this.#completed.at(0)) {
      const match = earliest;
      if (this.#runs.some((run) => run.first !== null && byFirstEvent(run, match) < 0)) break;
      this.#completed.shift();
      const told = put(match);
      if (told !== null) this.#prune(told);
    }
    return emitted;
  }

  #prune(match: Match<E>): void {
    const bound = pruneBound(this.#skip, match);
    if (bound === null) return;
    const keep = (run: Run<E>): boolean => run.first === null || run.first.sequence >= bound;
    this.#runs = this.#runs.filter(keep);
    this.#completed = this.#completed.filter(keep);
  }
}

function startRun<E>(automaton: Automaton): Run<E> {
  return { state: automaton.start, taken: null, first: null, lastTime: Number.NEGATIVE_INFINITY };
}

function byFirstEvent(a: Run<unknown>, b: Run<unknown>): number {
  return (a.first?.sequence ?? Number.POSITIVE_INFINITY) - (b.first?.sequence ?? Number.POSITIVE_INFINITY);
}

/** Runs whose first event has a smaller number are dropped; null: none is. */
function pruneBound(skip: SkipStrategy, match: Match<unknown>): number | null {
  switch (skip.kind) {
    case "noSkip":
      return null;
    case "skipToNext":
      return match.first.sequence + 1;
    case "skipPastLastEvent": {
      let last = match.first.sequence;
      for (const events of match.events.values()) for (const event of events) last = Math.max(last, event.sequence);
      return last + 1;
    }
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

function toMatch<E>(run: Run<E>, time: number): Match<E> | null {
  if (run.first === null) return null;
  const path: Taken<E>[] = [];
  for (let taken = run.taken; taken !== null; taken = taken.before) path.push(taken);
  const events = new Map<string, PatternEvent<E>[]>();
  for (const { stage, event } of path.reverse()) {
    const known = events.get(stage);
    if (known === undefined) events.set(stage, [event]);
    else known.push(event);
  }
  return { events, first: run.first, time };
}
