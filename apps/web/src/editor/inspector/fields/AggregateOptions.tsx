"use client";

import { NumberField } from "../../../design/NumberField.tsx";
import { TextField } from "../../../design/TextField.tsx";
import { type AggregateEntry, type AggregateOption, optionsOf } from "./aggregate-entries.ts";
import { errorWords, type Finding, findingsAt } from "./field-props.ts";

interface AggregateOptionsProps {
  readonly entry: AggregateEntry;
  readonly number: number;
  readonly findings: readonly Finding[];
  readonly onChange: (change: Partial<AggregateEntry>) => void;
}

/** What a function takes beside its argument: which percentile, how many values, what stands between them. */
export function AggregateOptions({ entry, number, findings, onChange }: AggregateOptionsProps) {
  return optionsOf(entry.fn).map((option) => (
    <div key={option} className="grid grid-cols-[136px_minmax(0,1fr)] items-baseline gap-1">
      <span className="ps-2 text-12 text-ink-3">{words(entry.fn, option)}</span>
      {option === "separator" ? (
        <TextField
          label={`Separator of result ${number}`}
          hideLabel
          mono
          error={errorWords(findingsAt(findings, [option]))}
          value={entry.separator ?? ","}
          onValueChange={(separator) => onChange({ separator })}
        />
      ) : (
        <NumberField
          label={option === "fraction" ? `Fraction of result ${number}` : `Most values of result ${number}`}
          hideLabel
          error={errorWords(findingsAt(findings, [option]))}
          value={entry[option]}
          onValueChange={(value) => onChange({ [option]: value })}
          min={option === "fraction" ? 0 : 1}
          max={option === "fraction" ? 1 : 10_000}
          step={option === "fraction" ? 0.01 : 1}
          placeholder={entry.fn === "collect" || entry.fn === "string_agg" ? "all values" : "10"}
        />
      )}
    </div>
  ));
}

function words(fn: string, option: AggregateOption): string {
  if (option === "fraction") return "at the fraction";
  if (option === "separator") return "separated by";
  return fn === "collect" || fn === "string_agg" ? "only the first" : "at most";
}
