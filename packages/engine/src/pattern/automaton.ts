/** A condition on an edge: over the event and what the run has taken so far. */
export type Guard =
  | { readonly kind: "true" }
  | { readonly kind: "test"; readonly condition: number }
  | { readonly kind: "not"; readonly of: Guard }
  | { readonly kind: "and"; readonly left: Guard; readonly right: Guard };

export const always: Guard = { kind: "true" };

/** `take`: the event becomes part of the match. `ignore`: it is passed over. `proceed`: move on without using the event. */
export interface Edge {
  readonly action: "take" | "ignore" | "proceed";
  /** Index of a state. */
  readonly target: number;
  readonly guard: Guard;
}

/**
 * `final`: the match is complete. `stop`: the run is dead. `pending`: complete unless a forbidden event still comes
 * within the time limit.
 */
export type StateKind = "normal" | "final" | "stop" | "pending";

export interface AutomatonState {
  readonly kind: StateKind;
  /** Name of the stage whose event this state waits for. */
  readonly stage: string;
  readonly edges: readonly Edge[];
  /** Most ms (exclusive) since the event taken before while a run waits here; null = any. */
  readonly withinPreviousMs: number | null;
  /** Indexes of the states, if any, in which a run goes on when that is over; else it has run out of time. */
  readonly beyond: readonly number[];
}

/** A compiled pattern. */
export interface Automaton {
  readonly states: readonly AutomatonState[];
  readonly start: number;
  /** Most ms (exclusive) from the first event on; null = any. */
  readonly withinMs: number | null;
}

export function not(of: Guard): Guard {
  return { kind: "not", of };
}

export function and(left: Guard, right: Guard): Guard {
  if (left.kind === "true") return right;
  return right.kind === "true" ? left : { kind: "and", left, right };
}
