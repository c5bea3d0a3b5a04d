import type { Automaton, Guard } from "./automaton.ts";

/** Of an entry of `Outcome.stages`: nothing is taken, or what the entry before it has taken. */
export const [passes, asBefore] = [-1, -2];

/** What comes of a run and an event: the runs that it becomes, in order. */
export interface Outcome {
  /** Index of the stage for which the event is taken; else `passes` or `asBefore`. */
  readonly stages: Int32Array;
  readonly targets: Int32Array;
  /** 1 where the run is complete. */
  readonly finals: Uint8Array;
  /** A forbidden event: of the runs only those that are complete stay. Of the run that waits for a first event: it ends too. */
  readonly stops: boolean;
  /** The run goes on as it was. Of the run that waits for a first event: nothing comes of the event. */
  readonly keeps: boolean;
}

/** A step of a decision: a condition that is asked, or what comes of the answers so far. */
export class Decision {
  readonly state: number;
  readonly isStart: boolean;
  /** By condition: how those were answered that were asked on the way here. */
  readonly answers: ReadonlyMap<number, boolean>;
  /** -1: none is asked. */
  condition = -1;
  whenTrue: Decision | null = null;
  whenFalse: Decision | null = null;
  outcome: Outcome | null = null;

  constructor(state: number, isStart: boolean, answers: ReadonlyMap<number, boolean>) {
    this.state = state;
    this.isStart = isStart;
    this.answers = answers;
  }
}

/** Decisions are found out anew when there are more. */
const mostDecisions = 1 << 14;

/**
 * What the events of an automaton do to runs, as decisions over the answers of conditions: in each state those that decide
 * are asked in the order in which a walk over the edges asks them, and no others. A way through the answers is
 * found out when it is first gone.
 */
export class RunSteps {
  readonly #automaton: Automaton;
  readonly #stages: readonly string[];
  /** By state, of runs that have taken something. */
  roots: readonly Decision[] = [];
  /** Of the run that waits for a first event. */
  start: Decision;
  #decisions = 0;

  constructor(automaton: Automaton, stages: readonly string[]) {
    this.#automaton = automaton;
    this.#stages = stages;
    this.start = this.#startAnew();
  }

  /** Finds out what comes next at a decision that nobody has been at. */
  extend(decision: Decision): void {
    const found = followed(this.#automaton, this.#stages, decision);
    if (typeof found !== "number") {
      decision.outcome = found;
      return;
    }
    const { state, isStart, answers } = decision;
    decision.condition = found;
    decision.whenTrue = new Decision(state, isStart, new Map(answers).set(found, true));
    decision.whenFalse = new Decision(state, isStart, new Map(answers).set(found, false));
    this.#decisions += 2;
    if (this.#decisions > mostDecisions) this.start = this.#startAnew();
  }

  #startAnew(): Decision {
    this.#decisions = 0;
    this.roots = this.#automaton.states.map((_, state) => new Decision(state, false, new Map()));
    return new Decision(this.#automaton.start, true, new Map());
  }
}

/** What comes of a run, as far as the answers say; the condition that is to be asked next where they do not. */
function followed(automaton: Automaton, stageNames: readonly string[], { state: from, isStart, answers }: Decision): Outcome | number {
  const { states } = automaton;
  const stages: number[] = [];
  const targets: number[] = [];
  const ask = { open: -1 };
  let stops = false;
  const add = (stage: number, target: number): boolean => {
    if (states[target].kind === "stop") {
      stops = true;
      return false;
    }
    stages.push(stage);
    targets.push(target);
    return true;
  };
  const stack = [from];
  for (let state = stack.pop(); state !== undefined; state = stack.pop()) {
    for (const { action, target, guard } of states[state].edges) {
      const isOpen = answered(guard, answers, ask);
      if (isOpen === null) return ask.open;
      if (!isOpen) continue;
      if (action === "proceed") stack.push(target);
      else if (action === "take") {
        const stage = stageNames.indexOf(states[state].stage);
        const isThere = add(stage, target);
        const end = endBehind(automaton, target, answers, ask);
        if (end === null) return ask.open;
        if (end >= 0) add(isThere ? asBefore : stage, end);
      } else if (!isStart) add(passes, target);
    }
  }
  const keeps = !stops && (isStart ? targets.length === 0 : targets.length === 1 && targets[0] === from && stages[0] === passes);
  const finals = Uint8Array.from(targets, (target) => Number(states[target].kind === "final"));
  return { stages: Int32Array.from(stages), targets: Int32Array.from(targets), finals, stops, keeps: keeps && !finals.includes(1) };
}

/** A final state that can be reached without a further event, -1 when there is none; null when an answer is missing. */
function endBehind({ states }: Automaton, from: number, answers: ReadonlyMap<number, boolean>, ask: { open: number }): number | null {
  const stack = [from];
  for (let state = stack.pop(); state !== undefined; state = stack.pop()) {
    for (const { action, target, guard } of states[state].edges) {
      if (action !== "proceed") continue;
      const isOpen = answered(guard, answers, ask);
      if (isOpen === null) return null;
      if (!isOpen) continue;
      if (states[target].kind === "final") return target;
      stack.push(target);
    }
  }
  return -1;
}

/** Whether a guard is open; null when an answer is missing, which `ask` then names. */
function answered(guard: Guard, answers: ReadonlyMap<number, boolean>, ask: { open: number }): boolean | null {
  switch (guard.kind) {
    case "true":
      return true;
    case "test": {
      const answer = answers.get(guard.condition);
      if (answer === undefined) ask.open = guard.condition;
      return answer ?? null;
    }
    case "not": {
      const of = answered(guard.of, answers, ask);
      return of === null ? null : !of;
    }
    case "and": {
      const left = answered(guard.left, answers, ask);
      return left === true ? answered(guard.right, answers, ask) : left;
    }
  }
}
