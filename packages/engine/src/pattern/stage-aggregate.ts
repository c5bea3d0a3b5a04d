import type { AggregateFunction } from "../plan/logical-operator.ts";

/** A value of what a match has taken for one stage. */
export interface StageAggregate {
  readonly fn: StageFunction;
  readonly stage: string;
  /** null only for `count`, which then counts events. NULL values are ignored. */
  readonly field: string | null;
}

export const stageFunctions = ["first", "last", "count", "sum", "avg", "min", "max"] as const satisfies readonly AggregateFunction[];
export type StageFunction = (typeof stageFunctions)[number];

/** How a typed expression names a stage aggregate: as a field behind those of the event, called `FIRST(a.price)`. */
export function stageAggregateName({ fn, stage, field }: StageAggregate): string {
  return `${fn.toUpperCase()}(${stage}${field === null ? "" : `.${field}`})`;
}

const form = /^([A-Z]+)\(([A-Za-z_][A-Za-z0-9_]*)(?:\.(.*))?\)$/s;

/** Reads a name that `stageAggregateName` wrote. */
export function readStageAggregate(name: string): StageAggregate {
  const match = form.exec(name);
  const fn = stageFunctions.find((known) => known.toUpperCase() === match?.[1]);
  if (match === null || fn === undefined) throw new Error(`${name} is no aggregate of a stage`);
  const field: string | undefined = match[3];
  return { fn, stage: match[2], field: field ?? null };
}
