import type { AggregateFunction } from "../plan/logical-operator.ts";

export const stageFunctions = ["first", "last", "count", "sum", "avg", "min", "max"] as const satisfies readonly AggregateFunction[];
export type StageFunction = (typeof stageFunctions)[number];

/** What of the events is aggregated: a field of theirs, or an expression over their fields. */
export type StageArgument = { readonly kind: "field"; readonly name: string } | { readonly kind: "expression"; readonly text: string };

/** A value of what a match has taken for one stage, or for all. */
export interface StageAggregate {
  readonly fn: StageFunction;
  /** null: all stages. */
  readonly stage: string | null;
  /** null only for `count`, which then counts events. NULL values are ignored. */
  readonly argument: StageArgument | null;
  /** Of `first` and `last`: so many events behind the first, or before the last; else 0. */
  readonly offset: number;
  /** The event that is being tested counts as taken, for the stage that tests it. */
  readonly running: boolean;
}

/** How a typed expression names a stage aggregate: as a field behind those of the event, called `FIRST(a.price)`. */
export function stageAggregateName({ fn, stage, argument, offset, running }: StageAggregate): string {
  const of = argument === null ? "" : argument.kind === "field" ? `.${argument.name}` : `|${argument.text}`;
  return `${running ? "RUNNING " : ""}${fn.toUpperCase()}(${stage ?? "*"}${of})${offset === 0 ? "" : `@${offset}`}`;
}

const form = /^(RUNNING )?([A-Z]+)\((\*|[A-Za-z_][A-Za-z0-9_]*)(?:([.|])(.*))?\)(?:@(\d+))?$/s;

/** Reads a name that `stageAggregateName` wrote. */
export function readStageAggregate(name: string): StageAggregate {
  const match = form.exec(name);
  const fn = stageFunctions.find((known) => known.toUpperCase() === match?.[2]);
  if (match === null || fn === undefined) throw new Error(`${name} is no aggregate of a stage`);
  const [, running, , stage, mark, of, offset]: readonly (string | undefined)[] = match;
  return {
    fn,
    stage: stage === "*" ? null : (stage ?? null),
    argument: of === undefined ? null : mark === "." ? { kind: "field", name: of } : { kind: "expression", text: of },
    offset: Number(offset ?? 0),
    running: running !== undefined,
  };
}
