import { type Automaton, type AutomatonState, always, and, type Edge, type Guard, not, type StateKind } from "./automaton.ts";
import type { InnerContiguity, PatternSpec, PatternStage } from "./pattern-spec.ts";

/** A state while the automaton is being built. */
interface Draft {
  /** By which states get their indexes. */
  order: number;
  readonly kind: StateKind;
  readonly stage: string;
  readonly edges: { action: Edge["action"]; target: Draft; guard: Guard }[];
  readonly withinPreviousMs: number | null;
  /** States beyond this one, in which a run goes on when it has waited here for as long as it may. */
  readonly beyond: Draft[];
}

/**
 * States that the first version of this compiler did not make come behind those that it did: checkpoints name states by
 * index, and those that it wrote are read for ever.
 */
const behindFirst = 1e9;

/** What is known about a stage from where it stands. */
interface Place {
  readonly stage: PatternStage;
  readonly list: readonly PatternStage[];
  readonly at: number;
  readonly group: Place | null;
}

/**
 * Compiles a pattern into an automaton, from its last stage to its first, after the construction of Flink's CEP
 * library (whose semantics the cases of `test` pin down): a stage becomes a state with a take edge to what comes
 * after it; a repetition becomes copies of it and, without end, a state that takes to itself; an optional stage
 * has a proceed edge past it, and a twin without that edge that its ignore edge leads to, so that passing an event
 * over and leaving the stage out never give the same match twice. A forbidden stage becomes proceed edges to a
 * stop state. Other than there, a greedy stage that may be left out forbids its event to what
 * follows only where it is left out, a repetition ends the run by a forbidden stage behind it while it waits for more, too, and what
 * has waited too long for an event that may be left out goes on without it.
 */
export function compilePattern(spec: PatternSpec): Automaton {
  const compiler = new Compiler(spec);
  return compiler.compile();
}

class Compiler {
  readonly #spec: PatternSpec;
  readonly #states: Draft[] = [];
  readonly #stops = new Map<string, Draft>();
  /** Of a repeated group: whether its first or a later round is being built. */
  readonly #firstRound = new Map<PatternStage, boolean>();
  /** Of a group: whether the round that is being built may be left out. */
  readonly #optionalRound = new Map<PatternStage, boolean>();
  /** Of states to which a greedy repetition has forbidden its events: the same without that. */
  readonly #beforeGreedy = new Map<Draft, Draft>();
  #made = 0;

  constructor(spec: PatternSpec) {
    this.#spec = spec;
  }

  compile(): Automaton {
    const end = this.#state("final", "", null);
    const start = this.#sequence(this.#spec.stages, null, end);
    const drafts = this.#states.toSorted((left, right) => left.order - right.order);
    const indexes = new Map(drafts.map((draft, index) => [draft, index]));
    const indexOf = (draft: Draft): number => indexes.get(draft) ?? -1;
    const states = drafts.map(
      ({ kind, stage, edges, withinPreviousMs, beyond }): AutomatonState => ({
        kind,
        stage,
        edges: edges.map(({ action, target, guard }) => ({ action, target: indexOf(target), guard })),
        withinPreviousMs,
        beyond: beyond.map(indexOf),
      }),
    );
    return { states, start: indexOf(start), withinMs: this.#spec.withinMs };
  }

  /** The stages of a pattern or of a group, from the last to the first. */
  #sequence(list: readonly PatternStage[], group: Place | null, sink: Draft): Draft {
    let next = sink;
    for (let at = list.length - 1; at >= 0; at--) next = this.#stage({ stage: list[at], list, at, group }, next);
    return next;
  }

  #stage(place: Place, sink: Draft): Draft {
    const { stage } = place;
    if (stage.contiguity === "notFollowedBy") return this.#forbidden(place, sink);
    if (stage.contiguity === "notNext") return this.#forbiddenNext(place, sink);
    return this.#wanted(place, sink);
  }

  /** Not followed by, as the last stage: pending until the time limit. Elsewhere it lives in the edges of its neighbours. */
  #forbidden(place: Place, sink: Draft): Draft {
    const limited = this.#spec.withinMs !== null || place.stage.withinPreviousMs !== null;
    if (sink.kind !== "final" || !limited) return sink;
    const forbidden = this.#takeGuard(place);
    const pending = this.#state("pending", place.stage.name, place.stage.withinPreviousMs);
    this.#edge(pending, "proceed", this.#stop(place, forbidden), forbidden);
    this.#edge(pending, "ignore", pending, not(forbidden));
    return pending;
  }

  #forbiddenNext(place: Place, sink: Draft): Draft {
    const forbidden = this.#takeGuard(place);
    const state = this.#state("normal", place.stage.name, place.stage.withinPreviousMs);
    // A match that ends here is complete only once the next event has come, so the way to the end uses that event.
    this.#edge(state, sink.kind === "final" ? "ignore" : "proceed", sink, not(forbidden));
    this.#edge(state, "proceed", this.#stop(place, forbidden), forbidden);
    return state;
  }

  #wanted(place: Place, sink: Draft): Draft {
    const { quantifier } = place.stage;
    let first: Draft;
    if (quantifier.max === null) {
      this.#firstRound.set(place.stage, false);
      const loop = this.#loop(place, this.#withoutEarlierNots(place, sink));
      this.#firstRound.set(place.stage, true);
      first = this.#rounds(place, loop, sink);
    } else if (quantifier.min !== 1 || quantifier.max !== 1) {
      first = this.#rounds(place, sink, sink);
    } else {
      const past = quantifier.greedy && quantifier.optional ? this.#withoutIt(sink, this.#startGuard(place)) : sink;
      first = this.#single(place, sink, past, this.#takeGuard(place), this.#ignoreGuard(place), place.stage.quantifier.optional);
    }
    this.#addStops(place, first);
    return first;
  }

  /** The counted rounds of a repetition: `min` that must be, and up to `max` that may be. */
  #rounds(place: Place, sink: Draft, past: Draft): Draft {
    const { stage } = place;
    const { min, max, greedy } = stage.quantifier;
    const most = max ?? min;
    const take = this.#until(this.#takeGuard(place), place, true) ?? always;
    const innerIgnore = this.#until(this.#innerIgnoreGuard(place), place, false);
    this.#firstRound.set(stage, false);
    // As in Flink, a number of events that is fixed cannot be had more greedily, even if they may be left out.
    if (greedy && min !== most) forbid(past, stage.group === null ? take : this.#startGuard(place));
    let next = sink;
    for (let i = min; i < most; i++) {
      next = this.#single(place, next, past, take, innerIgnore, true, true);
      this.#addFollowingStop(place, next);
    }
    for (let i = 0; i < min - 1; i++) {
      next = this.#single(place, next, null, take, innerIgnore, false, true);
      this.#addFollowingStop(place, next);
    }
    this.#firstRound.set(stage, true);
    return this.#single(place, next, past, take, this.#ignoreGuard(place), place.stage.quantifier.optional);
  }

  /** What follows a greedy stage that has been left out: that may not use what the stage can take. Behind the stage it may. */
  #withoutIt(sink: Draft, take: Guard): Draft {
    if (sink.edges.length === 0) return sink;
    const past = this.#copy(sink, true);
    forbid(past, take);
    this.#beforeGreedy.set(past, sink);
    // Runs of the first version wait in this one, as it made no other.
    [past.order, sink.order] = [sink.order, past.order];
    return past;
  }

  /** One event (or one round of a group). `past`: where leaving it out leads. `inner`: a later round of a repetition. */
  #single(place: Place, sink: Draft, past: Draft | null, take: Guard, ignore: Guard | null, optional: boolean, inner = false): Draft {
    const { stage } = place;
    if (stage.group !== null) return this.#groupRound(place, stage.group, sink, past, optional);
    // As in Flink, the limit between repetitions binds the first of them too, unless the stage may be left out; and none that
    // may be left out once an event was passed over.
    const limited = inner || !stage.quantifier.optional;
    const within = (limited ? stage.quantifier.withinMs : null) ?? stage.withinPreviousMs;
    const state = this.#state("normal", stage.name, within);
    const target = this.#withoutEarlierNots(place, sink);
    this.#edge(state, "take", target, take);
    if (optional && past !== null) this.#proceedPast(place, state, past);
    if (ignore !== null) {
      let waiting = state;
      if (optional || this.#headOfOptionalRound(place)) {
        waiting = this.#state("normal", stage.name, optional ? stage.withinPreviousMs : within);
        this.#edge(waiting, "take", target, take);
        this.#edge(waiting, "ignore", waiting, ignore);
        this.#addStops(place, waiting);
        const repeated = inner ? place : this.#laterRound(place);
        if (repeated !== null) this.#addFollowingStop(repeated, waiting, true);
      }
      this.#edge(state, "ignore", waiting, ignore);
    }
    return state;
  }

  #proceedPast(place: Place, state: Draft, past: Draft): void {
    const { until, quantifier } = place.stage;
    this.#goOnBeyond(state, past);
    if (!quantifier.greedy || until === null) {
      this.#edge(state, "proceed", past, always);
      return;
    }
    const stopped: Guard = { kind: "test", condition: until };
    this.#edge(state, "proceed", this.#beforeGreedy.get(past) ?? past, stopped);
    this.#edge(state, "proceed", past, not(stopped));
  }

  #groupRound(place: Place, group: readonly PatternStage[], sink: Draft, past: Draft | null, optional: boolean): Draft {
    this.#optionalRound.set(place.stage, optional && past !== null);
    const first = this.#sequence(group, place, sink);
    if (optional && past !== null) {
      this.#edge(first, "proceed", past, always);
      this.#goOnBeyond(first, past);
    }
    return first;
  }

  /** A run that has waited in a state for as long as it may goes on behind it; a match that is complete there came out before. */
  #goOnBeyond(state: Draft, past: Draft): void {
    if (state.withinPreviousMs !== null && past.kind !== "final") state.beyond.push(this.#beforeGreedy.get(past) ?? past);
  }

  /** A repetition without end: a state that takes to itself and may proceed at any time. */
  #loop(place: Place, sink: Draft): Draft {
    const { stage } = place;
    if (stage.group !== null) return this.#groupLoop(place, stage.group, sink);
    const take = this.#until(this.#takeGuard(place), place, true) ?? always;
    const ignore = this.#until(this.#innerIgnoreGuard(place), place, false);
    const within = stage.quantifier.withinMs ?? stage.withinPreviousMs;
    const loop = this.#state("normal", stage.name, within);
    if (stage.quantifier.greedy) {
      const before = stage.until === null && (within === null || sink.edges.length === 0) ? null : this.#copy(sink, stage.until === null);
      if (before !== null) this.#beforeGreedy.set(sink, before);
      if (before !== null && stage.until !== null) {
        const stopped: Guard = { kind: "test", condition: stage.until };
        this.#edge(loop, "proceed", before, stopped);
        this.#edge(loop, "proceed", sink, not(stopped));
      } else {
        this.#edge(loop, "proceed", sink, always);
      }
      forbid(sink, this.#takeGuard(place));
    } else {
      this.#edge(loop, "proceed", sink, always);
    }
    this.#goOnBeyond(loop, sink);
    this.#edge(loop, "take", loop, take);
    this.#addFollowingStop(place, loop);
    if (ignore !== null) {
      const waiting = this.#state("normal", stage.name, stage.withinPreviousMs);
      this.#edge(waiting, "take", loop, take);
      this.#edge(waiting, "ignore", waiting, ignore);
      this.#addFollowingStop(place, waiting);
      this.#edge(loop, "ignore", waiting, ignore);
    }
    return loop;
  }

  #groupLoop(place: Place, group: readonly PatternStage[], sink: Draft): Draft {
    if (place.stage.quantifier.greedy) forbid(sink, this.#startGuard(place));
    const again = this.#state("normal", place.stage.name, null);
    this.#optionalRound.set(place.stage, true);
    const first = this.#sequence(group, place, again);
    this.#edge(first, "proceed", sink, always);
    this.#goOnBeyond(first, sink);
    this.#edge(again, "proceed", first, always);
    return first;
  }

  /** Forbidden stages that stand right before this one, over optional stages in between. */
  #earlierNots(place: Place): Place[] {
    const nots: Place[] = [];
    for (let at = place.at - 1; at >= 0; at--) {
      const stage = place.list[at];
      const forbidden = stage.contiguity === "notFollowedBy";
      if (!forbidden && !stage.quantifier.optional) break;
      if (forbidden) nots.push({ ...place, stage, at });
    }
    return nots;
  }

  #addStops(place: Place, state: Draft): void {
    for (const forbidden of this.#earlierNots(place)) {
      const guard = this.#takeGuard(forbidden);
      this.#edge(state, "proceed", this.#stop(forbidden, guard), guard);
    }
  }

  /**
   * While a repetition goes on, the forbidden stage right after it, or after the group that it ends, ends the run already.
   * `isNew`: not in the first version.
   */
  #addFollowingStop(place: Place, state: Draft, isNew = false): void {
    const at = place.at + 1;
    if (at >= place.list.length) {
      if (place.group !== null) this.#addFollowingStop(place.group, state, true);
      return;
    }
    if (place.list[at].contiguity !== "notFollowedBy") return;
    const following: Place = { ...place, stage: place.list[at], at };
    const guard = this.#takeGuard(following);
    this.#edge(state, "proceed", this.#stop(following, guard, isNew), guard);
  }

  /** The group that has had a round and of which the stage begins another one; null when there is none. */
  #laterRound(place: Place): Place | null {
    if (!isHead(place) || place.group === null) return null;
    return this.#isFirstRound(place.group.stage) ? this.#laterRound(place.group) : place.group;
  }

  /** Once an optional stage has taken an event, the forbidden stages before it are over: what follows is copied without them. */
  #withoutEarlierNots(place: Place, sink: Draft): Draft {
    const nots = this.#earlierNots(place);
    if (nots.length === 0 || !place.stage.quantifier.optional) return sink;
    const names = new Set(nots.map(({ stage }) => stage.name));
    return this.#copyWithoutStops(sink, names);
  }

  #copyWithoutStops(state: Draft, names: ReadonlySet<string>): Draft {
    const copy = this.#state(state.kind, state.stage, state.withinPreviousMs);
    for (const { action, target, guard } of state.edges) {
      if (action !== "proceed") this.#edge(copy, action, target === state ? copy : target, guard);
      else if (target.kind !== "stop") {
        const beyond = this.#copyWithoutStops(target, names);
        this.#edge(copy, action, beyond, guard);
        this.#goOnBeyond(copy, beyond);
      } else if (!names.has(target.stage)) this.#edge(copy, action, target, guard);
    }
    return copy;
  }

  #copy(state: Draft, isNew = false): Draft {
    const copy = this.#state(state.kind, state.stage, state.withinPreviousMs, isNew);
    for (const { action, target, guard } of state.edges) this.#edge(copy, action, target === state ? copy : target, guard);
    copy.beyond.push(...state.beyond);
    return copy;
  }

  #stop(place: Place, guard: Guard, isNew = false): Draft {
    const known = this.#stops.get(place.stage.name);
    if (known !== undefined) {
      if (!isNew && known.order >= behindFirst) known.order = this.#made++;
      return known;
    }
    const stop = this.#state("stop", place.stage.name, null, isNew);
    this.#edge(stop, "take", stop, guard);
    this.#stops.set(place.stage.name, stop);
    return stop;
  }

  #takeGuard(place: Place): Guard {
    const own: Guard = place.stage.where === null ? always : { kind: "test", condition: place.stage.where };
    return place.group === null ? own : (this.#until(own, place.group, true) ?? own);
  }

  /** What an event fulfils that can begin the stage or, of a group, a round of it. */
  #startGuard(place: Place): Guard {
    const { group } = place.stage;
    if (group === null) return this.#takeGuard(place);
    const starts = group.slice(0, 1 + group.findIndex(({ quantifier }) => !quantifier.optional) || undefined);
    const guards = starts.map((stage, at) => this.#startGuard({ stage, list: group, at, group: place }));
    return not(guards.map(not).reduce(and));
  }

  /** What lets an event pass while this stage waits for its first one; null = nothing does. */
  #ignoreGuard(place: Place): Guard | null {
    const guard = passing(this.#contiguityOf(place), place.stage);
    return place.group === null ? guard : this.#until(guard, place.group, false);
  }

  /** The first stage of a group follows as the group does or, in later rounds, as its rounds do. */
  #contiguityOf(place: Place): PatternStage["contiguity"] | InnerContiguity {
    if (!isHead(place) || place.group === null) return place.stage.contiguity;
    const { stage } = place.group;
    return this.#isFirstRound(stage) ? this.#contiguityOf(place.group) : stage.quantifier.inner;
  }

  #innerIgnoreGuard(place: Place): Guard | null {
    const guard = passing(place.stage.quantifier.inner, place.stage);
    return place.group === null ? guard : this.#until(guard, place.group, false);
  }

  /** Leaving out a round of a group means to proceed from its first stage, which `#groupRound` adds. */
  #headOfOptionalRound(place: Place): boolean {
    if (!isHead(place) || place.group === null) return false;
    return this.#optionalRound.get(place.group.stage) === true || this.#headOfOptionalRound(place.group);
  }

  #isFirstRound(group: PatternStage): boolean {
    return this.#firstRound.get(group) ?? true;
  }

  /** The guard, with the repetition's `until` forbidden. */
  #until(guard: Guard | null, place: Place, taking: boolean): Guard | null {
    const { until } = place.stage;
    if (until === null || (guard === null && !taking)) return guard;
    return and(not({ kind: "test", condition: until }), guard ?? always);
  }

  #state(kind: StateKind, stage: string, withinPreviousMs: number | null, isNew = false): Draft {
    const order = (isNew ? behindFirst : 0) + this.#made++;
    const state: Draft = { order, kind, stage, edges: [], withinPreviousMs, beyond: [] };
    this.#states.push(state);
    return state;
  }

  #edge(from: Draft, action: Edge["action"], target: Draft, guard: Guard): void {
    from.edges.push({ action, target, guard });
  }
}

/** The first stage of a group: what leads to it is the group's business. */
function isHead(place: Place): boolean {
  return place.group !== null && place.at === 0;
}

/** What passes an event over under a contiguity. */
function passing(contiguity: PatternStage["contiguity"] | InnerContiguity, stage: PatternStage): Guard | null {
  switch (contiguity) {
    case "relaxed":
      return not(stage.where === null ? always : { kind: "test", condition: stage.where });
    case "relaxedAny":
      return always;
    default:
      return null;
  }
}

/** Greedy: what the repetition can take, the states after it may not use. */
function forbid(state: Draft, take: Guard): void {
  for (const edge of state.edges) edge.guard = and(edge.guard, not(take));
}
