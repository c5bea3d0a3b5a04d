import type { Automaton, Guard } from "./automaton.ts";

/** What decides is looked up by the answers to at most so many conditions; others are taken to hold as well as not. */
const mostTests = 10;

/**
 * Which events can do anything to a key without partial matches: begin one, or be forbidden at the start. All others can be
 * passed over, whatever the automaton would ask about them.
 */
export class Beginnings {
  /** The conditions that are looked at. */
  readonly #tests: readonly number[];
  /** By the answers to them, a bit each. */
  readonly #table: Uint8Array;

  /** `known`: by condition, whether its marks say what it answers for a run that has taken nothing. */
  constructor(automaton: Automaton, known: readonly boolean[]) {
    this.#tests = testsAtStart(automaton)
      .filter((condition) => known[condition])
      .slice(0, mostTests);
    this.#table = new Uint8Array(1 << this.#tests.length);
    for (let answers = 0; answers < this.#table.length; answers++) {
      const answer = (condition: number): boolean | null => {
        const bit = this.#tests.indexOf(condition);
        return bit < 0 ? null : (answers & (1 << bit)) !== 0;
      };
      this.#table[answers] = canBegin(automaton, answer) ? 1 : 0;
    }
  }

  /** Writes 1 or 0 for the rows `rows[0…count)`, whose marks are at `row * conditions + condition`. */
  mark(marks: Uint8Array, conditions: number, rows: Int32Array, count: number, begins: Uint8Array): void {
    const [tests, table] = [this.#tests, this.#table];
    for (let i = 0; i < count; i++) {
      const row = rows[i];
      let answers = 0;
      for (let t = 0; t < tests.length; t++) answers |= marks[row * conditions + tests[t]] << t;
      begins[row] = table[answers];
    }
  }
}

/** States at which the start is before it has used an event, each once, as far as `isOpen` lets it go. */
function statesAtStart({ states, start }: Automaton, isOpen: (guard: Guard) => boolean): readonly number[] {
  const reached = [start];
  for (const state of reached)
    for (const { action, target, guard } of states[state].edges)
      if (action === "proceed" && !reached.includes(target) && isOpen(guard)) reached.push(target);
  return reached;
}

function testsAtStart(automaton: Automaton): readonly number[] {
  const tests = new Set<number>();
  for (const state of statesAtStart(automaton, () => true))
    for (const { guard } of automaton.states[state].edges) for (const condition of conditionsIn(guard)) tests.add(condition);
  return [...tests];
}

/** `answer`: null where it is not known. */
function canBegin(automaton: Automaton, answer: (condition: number) => boolean | null): boolean {
  const isOpen = (guard: Guard): boolean => canBe(guard, true, answer);
  return statesAtStart(automaton, isOpen).some((state) =>
    automaton.states[state].edges.some(({ action, guard }) => action === "take" && isOpen(guard)),
  );
}

/** Whether a guard can have this value. */
function canBe(guard: Guard, value: boolean, answer: (condition: number) => boolean | null): boolean {
  switch (guard.kind) {
    case "true":
      return value;
    case "test":
      return (answer(guard.condition) ?? value) === value;
    case "not":
      return canBe(guard.of, !value, answer);
    case "and":
      return value
        ? canBe(guard.left, true, answer) && canBe(guard.right, true, answer)
        : canBe(guard.left, false, answer) || canBe(guard.right, false, answer);
  }
}

function conditionsIn(guard: Guard): readonly number[] {
  switch (guard.kind) {
    case "true":
      return [];
    case "test":
      return [guard.condition];
    case "not":
      return conditionsIn(guard.of);
    case "and":
      return [...conditionsIn(guard.left), ...conditionsIn(guard.right)];
  }
}
