import type { KeyField } from "../state/key-table.ts";
import { fieldIndex, type StreamType } from "../types/stream-type.ts";
import type { PlanInput } from "./logical-operator.ts";
import type { LogicalPlan, PlanStep } from "./logical-plan.ts";
import { operatorInputs } from "./map-operator.ts";
import { inputName, isOnTime, isPassing, needsOrder, outputName, stepKeys } from "./step-keys.ts";

/**
 * Where a step runs when a pipeline has several workers. `ingest`: on whichever worker decodes the records. `keyed`: on the
 * worker that has the key. `single`: beside the sources and sinks, once.
 */
export type Placement = "ingest" | "keyed" | "single";

/** An input whose records come from another place. */
export interface CutEdge {
  /** Index in `PlanCut.edges`. */
  readonly id: number;
  readonly from: PlanInput;
  readonly to: { readonly step: string; readonly input: number };
  readonly between: "ingest-keyed" | "ingest-single" | "keyed-single";
  /** The source from which the records come; null between `keyed` and `single`. */
  readonly source: string | null;
  readonly stream: StreamType;
  /** Fields of the stream that are read at the other end. */
  readonly live: readonly boolean[];
  /** By what records find their worker; empty unless they go to `keyed`. */
  readonly key: readonly KeyField[];
}

/** A plan, cut at the inputs of its keyed operators. */
export interface PlanCut {
  readonly placements: ReadonlyMap<string, Placement>;
  readonly edges: readonly CutEdge[];
  /** By `ingest` step: the source that feeds it. */
  readonly sourceOf: ReadonlyMap<string, string>;
  /** By `keyed` step: the fields of its first input by which its records are spread. */
  readonly keyedBy: ReadonlyMap<string, readonly string[]>;
}

/** How the records of a port are spread. `hashed`: those with the same values of these fields are on one worker. */
type Spread = { readonly kind: "ingest" | "single" | "scattered" } | { readonly kind: "hashed"; readonly by: readonly string[] };

/**
 * The source whose records can be decoded in one place alone, because each of them decides something at once: when the next
 * is due, what its time is worth against the clock, how far others may be. Undefined: there is none.
 */
export function sourceOfOneWorker(plan: LogicalPlan): PlanStep | undefined {
  return plan.steps.find(({ operator }) => {
    if (operator.op !== "source") return false;
    const { kind, future, alignment } = operator.watermark;
    return operator.pace !== null || kind === "punctuated" || future !== undefined || alignment !== undefined;
  });
}

/** Whether any step runs by key. */
export function hasKeyedSteps({ placements }: PlanCut): boolean {
  return placements.values().some((placement) => placement === "keyed");
}

/**
 * Cuts a plan for several workers. Whatever stands on each record alone stays with the decoding; the first keyed operators
 * get their records by key, and what follows stays there as long as its key holds those fields. What has no key, or
 * another one, is `single`, with all that follows; so is what would bring records in another order to a `single` step for
 which the order between keys counts.
 */
export function cutPlan(plan: LogicalPlan): PlanCut {
  const together = new Set<string>();
  for (;;) {
    const cutter = new Cutter(plan, together);
    for (const step of plan.steps) cutter.place(step);
    const before = together.size;
    for (const step of cutter.disordering()) together.add(step);
    if (together.size === before)
      return { placements: cutter.placements, edges: cutter.edges(), sourceOf: cutter.sourceOf, keyedBy: cutter.keyedBy };
  }
}

class Cutter {
  readonly placements = new Map<string, Placement>();
  readonly sourceOf = new Map<string, string>();
  readonly keyedBy = new Map<string, readonly string[]>();
  readonly #plan: LogicalPlan;
  readonly #steps: ReadonlyMap<string, PlanStep>;
  readonly #spread = new Map<string, Spread>();
  /** By `step input`: the fields by which records from `ingest` are sent. */
  readonly #sentBy = new Map<string, readonly string[]>();

  readonly #together: ReadonlySet<string>;

  /** `together`: steps that are not to be keyed. */
  constructor(plan: LogicalPlan, together: ReadonlySet<string>) {
    this.#plan = plan;
    this.#together = together;
    this.#steps = new Map(plan.steps.map((step) => [step.id, step]));
  }

  place(step: PlanStep): void {
    if (step.operator.op === "source") {
      this.sourceOf.set(step.id, step.id);
      this.#settle(step, "ingest", { kind: "ingest" });
      // Letters are numbered over the whole source.
      this.#spread.set(`${step.id} dead_letter`, { kind: "single" });
      return;
    }
    const inputs = operatorInputs<unknown, PlanInput>(step.operator);
    const given = inputs.map((input): Spread => this.#spread.get(`${input.operator} ${input.port}`) ?? { kind: "single" });
    if (given.every(({ kind }) => kind === "ingest") && this.#canIngest(step)) {
      this.sourceOf.set(step.id, this.sourceOf.get(inputs[0].operator) ?? "");
      this.#settle(step, "ingest", { kind: "ingest" });
      return;
    }
    const isTogether = this.#together.has(step.id) || given.some(({ kind }) => kind === "single");
    const by = isTogether ? [] : given.map((spread, input) => this.#keysOf(step, input, spread, given.length === 1));
    if (by.length === 0 || by.includes(null) || !by.every((names) => names?.length === by[0]?.length)) {
      this.#settle(step, "single", { kind: "single" });
      return;
    }
    given.forEach((spread, input) => {
      if (spread.kind === "ingest") this.#sentBy.set(`${step.id} ${input}`, by[input] ?? []);
    });
    this.keyedBy.set(step.id, by[0] ?? []);
    this.#settle(step, "keyed", null, by);
  }

  /**
   * Keyed steps from which records come to a `single` one for which the order between keys counts, or which is told of
   * late records by workers that do not wait for each other.
   */
  disordering(): readonly string[] {
    const found = new Set<string>();
    const above = (step: PlanStep): void => {
      for (const { operator } of operatorInputs<unknown, PlanInput>(step.operator)) {
        const upstream = this.#steps.get(operator);
        if (upstream === undefined || this.placements.get(operator) === "ingest") continue;
        if (this.placements.get(operator) === "keyed") found.add(operator);
        above(upstream);
      }
    };
    for (const step of this.#plan.steps) {
      if (this.placements.get(step.id) !== "single" || isPassing(step)) continue;
      if (needsOrder(step) || !this.#isFedOnTime(step)) above(step);
    }
    return [...found];
  }

  /** Whether what comes from keyed steps is never behind their watermark. */
  #isFedOnTime(step: PlanStep): boolean {
    return operatorInputs<unknown, PlanInput>(step.operator).every(({ operator, port }) => {
      const upstream = this.#steps.get(operator);
      if (upstream === undefined) return true;
      if (this.placements.get(operator) === "keyed") return isOnTime(upstream, port);
      return !isPassing(upstream) || this.placements.get(operator) === "ingest" || this.#isFedOnTime(upstream);
    });
  }

  edges(): readonly CutEdge[] {
    const edges: CutEdge[] = [];
    for (const step of this.#plan.steps) {
      operatorInputs<unknown, PlanInput>(step.operator).forEach((from, input) => {
        const upstream = this.#steps.get(from.operator);
        const [here, there] = [this.placements.get(from.operator), this.placements.get(step.id)];
        if (upstream === undefined || here === there || here === undefined || there === undefined) return;
        if (upstream.operator.op === "source" && from.port === "dead_letter") return;
        const stream = upstream.outputs[from.port];
        const key = (this.#sentBy.get(`${step.id} ${input}`) ?? []).map((name) => keyField(stream, name));
        edges.push({
          id: edges.length,
          from,
          to: { step: step.id, input },
          between: here === "keyed" ? "keyed-single" : there === "keyed" ? "ingest-keyed" : "ingest-single",
          source: here === "ingest" ? (this.sourceOf.get(from.operator) ?? null) : null,
          stream,
          live: upstream.liveFields[from.port] ?? stream.fields.map(() => true),
          key,
        });
      });
    }
    return edges;
  }

  #canIngest(step: PlanStep): boolean {
    switch (step.operator.op) {
      case "sink":
        return true;
      case "filter":
      case "project":
      case "key-by":
      case "branch":
      case "sample":
        // Letters are rows of their own, without the places of the records that they come from.
        return this.#readers(step, "dead_letter").every(({ reader }) => reader.operator.op === "sink");
      default:
        return false;
    }
  }

  /** The fields by which the records of an input are together; null when they cannot be brought together as the step asks. */
  #keysOf(step: PlanStep, input: number, spread: Spread, isOnlyInput: boolean): readonly string[] | null {
    const asked = stepKeys(step);
    if (asked === "all") return null;
    if (spread.kind === "ingest") {
      const wanted = this.#wanted(step, input);
      return wanted?.every((name) => this.#isRead(step, input, name)) === true ? wanted : null;
    }
    if (asked === "any") {
      if (isOnlyInput) return spread.kind === "hashed" ? spread.by : [];
      const wanted = this.#wanted(step, input);
      return wanted !== null && spread.kind === "hashed" && sameNames(spread.by, wanted) ? wanted : null;
    }
    if (spread.kind !== "hashed") return null;
    const names = asked[input];
    const fits = isOnlyInput ? spread.by.every((name) => names.includes(name)) : sameNames(spread.by, names);
    return fits ? spread.by : null;
  }

  /** The fields of an input by which the step, or the first keyed one behind it, wants its records; null when none does. */
  #wanted(step: PlanStep, input: number): readonly string[] | null {
    const asked = stepKeys(step);
    if (asked === "all") return null;
    if (asked !== "any") return asked[input];
    for (const port of Object.keys(step.outputs)) {
      for (const { reader, input: readerInput } of this.#readers(step, port)) {
        const names = this.#wanted(reader, readerInput)?.map((name) => inputName(step, input, name, port));
        if (names?.every((name) => name !== null) === true) return names;
      }
    }
    return null;
  }

  /** Fields that nothing reads are not decoded. */
  #isRead(step: PlanStep, input: number, name: string): boolean {
    const from = operatorInputs<unknown, PlanInput>(step.operator)[input];
    const upstream = this.#steps.get(from.operator);
    const index = fieldIndex(step.inputs[input], name);
    return index >= 0 && upstream?.liveFields[from.port]?.[index] !== false;
  }

  #readers(step: PlanStep, port: string): readonly { readonly reader: PlanStep; readonly input: number }[] {
    return this.#plan.steps.flatMap((reader) =>
      operatorInputs<unknown, PlanInput>(reader.operator).flatMap((from, input) =>
        from.operator === step.id && from.port === port ? [{ reader, input }] : [],
      ),
    );
  }

  #settle(step: PlanStep, placement: Placement, spread: Spread | null, by: readonly (readonly string[] | null)[] = []): void {
    this.placements.set(step.id, placement);
    for (const port of Object.keys(step.outputs)) this.#spread.set(`${step.id} ${port}`, spread ?? spreadOf(step, port, by));
  }
}

/** How the rows of a port of a keyed step are spread, whose inputs are by these fields. */
function spreadOf(step: PlanStep, port: string, by: readonly (readonly string[] | null)[]): Spread {
  for (const [input, names] of by.entries()) {
    if (names === null || names.length === 0) continue;
    const out = names.map((name) => outputName(step, input, name, port));
    // Of a union, every input has to say the same.
    if (out.every((name) => name !== null)) return { kind: "hashed", by: out };
  }
  return { kind: "scattered" };
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, i) => name === b[i]);
}

function keyField(stream: StreamType, name: string): KeyField {
  const index = fieldIndex(stream, name);
  return { index, type: stream.fields[index].type };
}
