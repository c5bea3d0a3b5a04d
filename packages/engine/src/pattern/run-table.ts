import { grownInt32 } from "../state/grown-array.ts";
import type { Automaton } from "./automaton.ts";
import { HeldRuns } from "./held-runs.ts";
import type { SkipStrategy } from "./pattern-spec.ts";
import { type ConditionTest, Deadlines, type RunsListener, Skipping } from "./run-rules.ts";
import { noRun, RunSlots, startRun } from "./run-slots.ts";
import { asBefore, type Decision, type Outcome, passes, RunSteps } from "./run-steps.ts";
import { nothingTaken, type TakenEvents } from "./taken-events.ts";

const never = Number.POSITIVE_INFINITY;

/** What a table of runs is made of. */
export interface RunTableOptions {
  readonly automaton: Automaton;
  readonly skip: SkipStrategy;
  readonly test: ConditionTest;
  readonly taken: TakenEvents;
  /** By index. */
  readonly stages: readonly string[];
}

/**
 * The runs of all keys, which are small numbers. Call `advanceTime` before an event of a key whenever its time is over, offer the
 * event to `TakenEvents`, then `process` it. A key that has only the run that waits for a first event is idle, and holds nothing.
 * Deterministic.
 */
export class RunTable {
  readonly taken: TakenEvents;
  readonly #test: ConditionTest;
  readonly #steps: RunSteps;
  readonly #deadlines: Deadlines;
  readonly #skipping: Skipping;
  /** By state. */
  readonly #isPending: readonly boolean[];
  readonly #hasPending: boolean;
  /** Whether a complete run rules out all that begin within it, told or held back; see `#holdCovering`. */
  readonly #covers: boolean;
  readonly #slots: RunSlots;
  /** By key: the first of its runs, which are in order of their first events, as what comes of a run stands where the run stood. */
  #heads: Int32Array = new Int32Array(16);
  readonly #held: HeldRuns;
  /** What has come of the event so far. */
  #openStates: Int32Array = new Int32Array(16);
  #openTakens: Int32Array = new Int32Array(16);
  #opened = 0;
  readonly #complete: { state: number; taken: number; timeMs: number }[] = [];
  /** By held back slot, while what has come of an event is told: when a wait was over. */
  readonly #waited = new Map<number, number>();
  /** Whether there may be more that are held back than when `limit` was last asked. */
  #hasHeld = false;

  constructor({ automaton, skip, test, taken, stages }: RunTableOptions) {
    this.taken = taken;
    this.#slots = new RunSlots(taken);
    this.#held = new HeldRuns(this.#slots, taken);
    this.#test = test;
    this.#steps = new RunSteps(automaton, stages);
    this.#deadlines = new Deadlines(automaton, taken);
    this.#skipping = new Skipping(skip, stages, taken);
    this.#isPending = automaton.states.map(({ kind }) => kind === "pending");
    this.#hasPending = this.#isPending.includes(true);
    this.#covers = skip.kind === "skipPastLastEvent" && this.#deadlines.inOrder && endsWithEvents(automaton);
  }

  /** Partial and held back matches. */
  get size(): number {
    return this.#slots.size;
  }

  /** Approximate bytes held. */
  get bytes(): number {
    return this.#slots.bytes + this.#heads.byteLength + this.#held.bytes + this.taken.bytes;
  }

  /** Makes room for all keys below `keys`. */
  reserve(keys: number): void {
    this.#heads = grownInt32(this.#heads, keys);
    this.#held.reserve(keys);
  }

  isIdle(key: number): boolean {
    return this.#heads[key] === startRun && !this.#held.has(key);
  }

  /** Whether matches of a key are held back. */
  holdsBack(key: number): boolean {
    return this.#held.has(key);
  }

  /** Earliest time at which a run of a key times out, or +Infinity. */
  nextTimeout(key: number): number {
    const { states, takens, nexts } = this.#slots;
    let earliest = never;
    for (let run = this.#heads[key]; run > 0; run = nexts[run]) {
      earliest = Math.min(earliest, this.#deadlines.of(states[run], takens[run]));
      if (this.#deadlines.inOrder) break;
    }
    return earliest;
  }

  /**
   * Processes the event that was offered, whose time was announced by `advanceTime`; returns whether it changed anything.
   * `canBegin`: false of an event that does nothing to an idle key.
   */
  process(key: number, canBegin: boolean, listener: RunsListener): boolean {
    const { states, takens, nexts } = this.#slots;
    this.#opened = 0;
    let isKept = true;
    let run = this.#heads[key];
    for (; run > 0; run = nexts[run]) {
      const outcome = this.#decide(this.#steps.roots[states[run]], takens[run]);
      if (outcome.keeps) this.#open(states[run], takens[run]);
      else {
        isKept = false;
        this.#apply(outcome, takens[run]);
      }
    }
    let end = run;
    if (canBegin && run === startRun) {
      const outcome = this.#decide(this.#steps.start, nothingTaken);
      if (!outcome.keeps) {
        isKept = false;
        this.#apply(outcome, nothingTaken);
        if (outcome.stops) end = noRun;
      }
    }
    if (isKept) return false;
    this.#replace(key, end);
    if (this.#complete.length > 0 || this.#held.has(key)) this.#tell(key, listener);
    return true;
  }

  /** Time has reached `timeMs`: runs that may last no longer end, or go on without what they waited for; those that waited for an absence are matches. */
  advanceTime(key: number, timeMs: number, listener: RunsListener): void {
    const slots = this.#slots;
    const ended: { readonly taken: number; readonly timeMs: number }[] = [];
    let before = 0;
    for (let run = this.#heads[key]; run > 0; ) {
      const state = slots.states[run];
      const taken = slots.takens[run];
      const deadline = this.#deadlines.of(state, taken);
      if (deadline > timeMs) {
        if (this.#deadlines.inOrder) break;
        before = run;
        run = slots.nexts[run];
        continue;
      }
      const beyond = this.#deadlines.beyond(state, taken, deadline);
      if (beyond.length > 0) {
        this.#goOn(run, beyond);
        continue;
      }
      if (this.#isPending[state]) this.#complete.push({ state, taken, timeMs: deadline });
      else ended.push({ taken, timeMs: deadline });
      run = slots.remove(run);
      if (before === 0) this.#heads[key] = run;
      else slots.nexts[before] = run;
    }
    if (this.#complete.length > 0 || this.#held.has(key)) this.#tell(key, listener);
    for (const { taken, timeMs: deadline } of ended) {
      listener.timeout(key, taken, deadline);
      this.taken.release(taken);
    }
  }

  /** Puts a run into these states, the first in its own place. */
  #goOn(run: number, [first, ...others]: readonly number[]): void {
    const slots = this.#slots;
    const taken = slots.takens[run];
    slots.states[run] = first;
    for (const state of others.toReversed()) {
      this.taken.retain(taken);
      const added = slots.add(state, taken, slots.nexts[run]);
      slots.nexts[run] = added;
    }
  }

  /** No event comes any more: runs that wait without a time limit never complete, and hold back nothing. */
  end(key: number, listener: RunsListener): void {
    this.#heads[key] = this.#slots.dropAll(this.#heads[key]);
    this.#tell(key, listener);
  }

  /** Gives up the youngest runs of the key that was processed last, and its latest complete ones, beyond `most` of each; returns how many. */
  limit(key: number, most: number): number {
    const { size } = this.#slots;
    if (this.#opened > most) this.#heads[key] = this.#slots.dropBehind(this.#heads[key], most);
    if (this.#hasHeld || this.#hasPending) this.#held.dropBehind(key, most);
    this.#hasHeld = false;
    return size - this.#slots.size;
  }

  /** Forgets all of a key, which is idle then. */
  clear(key: number): void {
    this.#slots.dropAll(this.#heads[key]);
    this.#heads[key] = startRun;
    this.#held.clear(key);
  }

  /** Shows the runs of a key, in order; last of the open ones that which waits for a first event, if it still does. */
  forEach(key: number, show: (state: number, taken: number, isComplete: boolean) => void): void {
    const { states, takens, nexts } = this.#slots;
    let run = this.#heads[key];
    for (; run > 0; run = nexts[run]) show(states[run], takens[run], false);
    if (run === startRun) show(this.#steps.start.state, nothingTaken, false);
    for (let held = this.#held.first(key); held > 0; held = nexts[held]) show(states[held], takens[held], true);
  }

  /** Puts back what `forEach` showed of a key, which is idle. */
  restore(key: number, runs: readonly { readonly state: number; readonly taken: number; readonly isComplete: boolean }[]): void {
    let head = noRun;
    for (const { state, taken, isComplete } of this.#uncovered(runs).toReversed()) {
      if (taken === nothingTaken) {
        head = startRun;
        continue;
      }
      this.taken.retain(taken);
      if (isComplete) this.#held.prepend(key, state, taken);
      else head = this.#slots.add(state, taken, head);
    }
    this.#heads[key] = head;
  }

  /** Without complete runs that begin within one before them, where those are ruled out: earlier versions kept them. */
  #uncovered<R extends { readonly taken: number; readonly isComplete: boolean }>(runs: readonly R[]): readonly R[] {
    if (!this.#covers) return runs;
    let covered = Number.NEGATIVE_INFINITY;
    return runs.filter(({ taken, isComplete }) => {
      if (!isComplete) return true;
      if (this.taken.numberOfFirst(taken) <= covered) return false;
      covered = this.taken.numberOfLast(taken);
      return true;
    });
  }

  /** What comes of a run, or of the start, and the event. */
  #decide(root: Decision, taken: number): Outcome {
    let at = root;
    for (;;) {
      if (at.condition >= 0) {
        const next = this.#test(at.condition, taken) ? at.whenTrue : at.whenFalse;
        if (next !== null) at = next;
      } else if (at.outcome !== null) return at.outcome;
      else this.#steps.extend(at);
    }
  }

  /** Adds all runs that come of one run to those that are open or complete. */
  #apply({ stages, targets, finals, stops }: Outcome, from: number): void {
    const before = this.#opened;
    let own = from;
    for (let i = 0; i < stages.length; i++) {
      const stage = stages[i];
      if (stage !== passes && stage !== asBefore) own = this.taken.take(stage, from);
      const taken = stage === passes ? from : own;
      if (finals[i] === 0) this.#open(targets[i], taken);
      else {
        this.taken.retain(taken);
        this.#complete.push({ state: targets[i], taken, timeMs: this.taken.times[this.taken.events[taken]] });
      }
    }
    if (stops) this.#closeBehind(before);
  }

  #open(state: number, taken: number): void {
    const at = this.#opened++;
    if (at === this.#openStates.length) {
      this.#openStates = grownInt32(this.#openStates, at + 1);
      this.#openTakens = grownInt32(this.#openTakens, at + 1);
    }
    this.#openStates[at] = state;
    this.#openTakens[at] = taken;
  }

  /** Takes back the runs that were opened last. */
  #closeBehind(count: number): void {
    for (let i = count; i < this.#opened; i++) this.taken.retain(this.#openTakens[i]);
    for (let i = count; i < this.#opened; i++) this.taken.release(this.#openTakens[i]);
    this.#opened = count;
  }

  /** Puts the runs that have been opened in place of those that a key had. */
  #replace(key: number, end: number): void {
    const [taken, slots, count] = [this.taken, this.#slots, this.#opened];
    for (let i = 0; i < count; i++) taken.retain(this.#openTakens[i]);
    let old = this.#heads[key];
    let last = 0;
    for (let i = 0; i < count; i++) {
      let slot = old;
      if (old > 0) {
        old = slots.nexts[old];
        taken.release(slots.takens[slot]);
        slots.states[slot] = this.#openStates[i];
        slots.takens[slot] = this.#openTakens[i];
      } else slot = slots.add(this.#openStates[i], this.#openTakens[i], end);
      if (last === 0) this.#heads[key] = slot;
      else slots.nexts[last] = slot;
      last = slot;
    }
    slots.dropAll(old);
    if (last === 0) this.#heads[key] = end;
    else slots.nexts[last] = end;
  }

  /** Tells what may be told now, in order of first events, and drops what the skip strategy excludes. */
  #tell(key: number, listener: RunsListener): void {
    const found = this.#complete;
    for (const { state, taken, timeMs } of found) {
      const isFirst = !this.#held.has(key) && found.length === 1 && this.taken.numberOfFirst(taken) <= this.#earliestOpen(key);
      if (isFirst || this.#skipping.isOff) {
        this.#tellOne(key, taken, timeMs, listener);
        continue;
      }
      this.#hasHeld = true;
      if (this.#covers) this.#holdCovering(key, state, taken);
      else {
        const slot = this.#held.add(key, state, taken);
        if (this.#isPending[state]) this.#waited.set(slot, timeMs);
      }
    }
    found.length = 0;
    if (this.#held.has(key)) this.#tellHeld(key, listener);
    if (this.#waited.size > 0) this.#waited.clear();
  }

  #tellHeld(key: number, listener: RunsListener): void {
    const { takens } = this.#slots;
    for (let held = this.#held.first(key); held > 0; held = this.#held.first(key)) {
      const taken = takens[held];
      if (this.taken.numberOfFirst(taken) > this.#earliestOpen(key)) return;
      this.#held.removeFirst(key);
      this.#tellOne(key, taken, this.#waited.get(held) ?? this.taken.times[this.taken.events[taken]], listener);
    }
  }

  #tellOne(key: number, taken: number, timeMs: number, listener: RunsListener): void {
    listener.match(key, taken, timeMs);
    const bound = this.#skipping.boundBehind(taken);
    if (bound !== Number.NEGATIVE_INFINITY) {
      this.#heads[key] = this.#slots.dropBefore(this.#heads[key], bound);
      this.#held.dropBefore(key, bound);
    }
    this.taken.release(taken);
  }

  /**
   * Holds a run back where a match skips past its last event, which is the event that completes it. Of all that begin within a
   * complete run, open or complete, nothing can come any more: it is told, and skips past them, or a run that began before it
   * completes later, and skips past them as well. So complete runs are kept only where they do not overlap, and open ones only
   * where they began before, or run out of time together with one that did.
   */
  #holdCovering(key: number, state: number, taken: number): void {
    const first = this.taken.numberOfFirst(taken);
    if (this.#held.addCovering(key, state, taken)) this.#dropOpenFrom(key, first);
  }

  /** Gives up the open runs of a key that began with the event of that number or later, but for those that run out of time with one that began before. */
  #dropOpenFrom(key: number, first: number): void {
    const slots = this.#slots;
    const { times, firsts } = this.taken;
    let before = 0;
    let beforeMs = Number.NEGATIVE_INFINITY;
    let run = this.#heads[key];
    for (; run > 0; run = slots.nexts[run]) {
      const taken = slots.takens[run];
      if (this.taken.numberOfFirst(taken) < first) beforeMs = times[firsts[taken]];
      else if (times[firsts[taken]] > beforeMs) break;
      before = run;
    }
    const end = slots.dropAll(run);
    if (before === 0) this.#heads[key] = end;
    else slots.nexts[before] = end;
  }

  /** Number of the earliest first event of all open runs of a key; +Infinity when there is none. */
  #earliestOpen(key: number): number {
    const run = this.#heads[key];
    return run > 0 ? this.taken.numberOfFirst(this.#slots.takens[run]) : never;
  }
}

/** Whether every match ends with the event that completes it: not with one before what it waits for the absence of. */
function endsWithEvents({ states }: Automaton): boolean {
  return states.every(
    ({ kind, edges }) => kind !== "pending" && edges.every(({ action, target }) => action !== "ignore" || states[target].kind !== "final"),
  );
}
