/** What all vectors have. */
export interface Vector {
  readonly id: string;
}

/** A semantics that Millrace does not have, and why. See `differences.ts`. */
export interface Difference {
  readonly name: string;
  readonly why: string;
}

/**
 * A rule by which Millrace means to differ from the engine that a vector comes from: a semantics that it does not have.
 * Rules speak of semantics, never of single vectors.
 */
export interface DifferenceRule<V> extends Difference {
  /** Whether the semantics matters in a vector. */
  applies(vector: V): boolean;
  /** What is left of the vector for both to agree on; it must pass. */
  agreed(vector: V): V;
}

/** How vectors of one form are run. */
export interface VectorSuite<V extends Vector = Vector> {
  readonly name: string;
  /** Whether a vector has the form that this suite runs; the form alone decides, not its file or its id. */
  matches(vector: Form): boolean;
  readonly differences: readonly DifferenceRule<V>[];
  /** Runs a vector on the real operators; says what is wrong, or null. `folder` holds the files that vectors name. */
  check(vector: V, folder: string): string | null | Promise<string | null>;
}

/** A vector of which only the form is looked at. */
export type Form = Readonly<Record<string, unknown>>;

/** Whether a vector has all of these members. */
export function hasMembers(vector: Form, names: readonly string[]): boolean {
  return names.every((name) => Object.hasOwn(vector, name));
}

/** The `type` of a vector's `join`; null when it is no join. */
export function joinType({ join }: Form): unknown {
  return typeof join === "object" && join !== null && "type" in join ? join.type : null;
}

export type Outcome =
  | { readonly kind: "passed" }
  | { readonly kind: "different"; readonly rule: string }
  | { readonly kind: "failed"; readonly problem: string };

/** Runs one vector; one that fails is different on purpose when a rule applies and the rest of it passes. */
export async function runVector<V extends Vector>(suite: VectorSuite<V>, vector: V, folder: string): Promise<Outcome> {
  const problem = await attempt(suite, vector, folder);
  if (problem === null) return { kind: "passed" };
  const rule = suite.differences.find((candidate) => candidate.applies(vector));
  if (rule === undefined) return { kind: "failed", problem };
  const left = await attempt(suite, rule.agreed(vector), folder);
  return left === null ? { kind: "different", rule: rule.name } : { kind: "failed", problem: `even without "${rule.name}": ${left}` };
}

async function attempt<V extends Vector>(suite: VectorSuite<V>, vector: V, folder: string): Promise<string | null> {
  try {
    return await suite.check(vector, folder);
  } catch (thrown) {
    return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  }
}

/** Says how two multisets of rows differ, or null when they do not. */
export function multisetProblem(what: string, actual: readonly unknown[], expected: readonly unknown[]): string | null {
  return sequenceProblem(what, [...actual].map(textOf).sort(), [...expected].map(textOf).sort());
}

/** Says how two sequences of rows differ, or null when they do not. */
export function sequenceProblem(what: string, actual: readonly unknown[], expected: readonly unknown[]): string | null {
  const [actualText, expectedText] = [actual, expected].map((rows) => rows.map(textOf).join("\n  "));
  return actualText === expectedText ? null : `${what}\n  expected\n  ${expectedText}\n  but was\n  ${actualText}`;
}

function textOf(row: unknown): string {
  return typeof row === "string" ? row : JSON.stringify(row, sortedMembers);
}

function sortedMembers(_name: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
