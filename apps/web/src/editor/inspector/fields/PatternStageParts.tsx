"use client";

import type { Field } from "@millrace/engine";
import { Checkbox } from "../../../design/Checkbox.tsx";
import { FieldFrame } from "../../../design/FieldFrame.tsx";
import { NumberField } from "../../../design/NumberField.tsx";
import { Select } from "../../../design/Select.tsx";
import { ExpressionEditor } from "../expression/ExpressionEditor.tsx";
import { errorWords, type Finding, findingsAt } from "./field-props.ts";
import { innerOptions, type PatternStageEntry } from "./pattern-stages.ts";

export interface PatternStageProps {
  readonly stage: PatternStageEntry;
  /** `2`, or `2.1` in a group. */
  readonly number: string;
  readonly fields: readonly Field[];
  readonly findings: readonly Finding[];
  readonly onChange: (change: Partial<PatternStageEntry>) => void;
  readonly onSettle: () => void;
}

/** How often a stage or a group comes; an empty upper limit stands for no end. */
export function PatternRepetition(props: PatternStageProps) {
  const { stage, number, findings, onChange } = props;
  const { times } = stage;
  const what = stage.group === null ? "stage" : "group";
  const set = (change: Partial<typeof times>): void => onChange({ times: { ...times, ...change } });
  const isRepeated = times.min !== 1 || times.max !== 1;
  return (
    <>
      <div className="grid grid-cols-[104px_minmax(0,1fr)_minmax(0,1fr)] items-baseline gap-1">
        <span className="ps-2 text-12 text-ink-3">times, from – to</span>
        <NumberField
          label={`Fewest times of ${what} ${number}`}
          hideLabel
          min={1}
          max={100}
          value={times.min}
          error={errorWords(findingsAt(findings, ["times", "min"]))}
          onValueChange={(min) => set({ min: min ?? 1 })}
        />
        <NumberField
          label={`Most times of ${what} ${number}`}
          hideLabel
          min={1}
          max={100}
          placeholder="no end"
          value={times.max}
          error={errorWords(findingsAt(findings, ["times", "max"]))}
          onValueChange={(max) => set({ max })}
        />
      </div>
      {isRepeated && (
        <Select
          label={`Between the ${what === "stage" ? "events" : "rounds"} of ${what} ${number}`}
          hideLabel
          value={times.inner}
          onValueChange={(inner) => set({ inner })}
          options={innerOptions}
        />
      )}
      {times.max === null && (
        <PatternCondition {...props} member="until" label={`The ${what} ${number} ends at`} placeholder="until: no condition" />
      )}
      <div className="flex gap-4 ps-2">
        <Checkbox label="May be left out" checked={times.optional} onCheckedChange={(optional) => set({ optional })} />
        {(isRepeated || times.greedy) && <Checkbox label="Greedy" checked={times.greedy} onCheckedChange={(greedy) => set({ greedy })} />}
      </div>
    </>
  );
}

interface PatternConditionProps extends PatternStageProps {
  readonly member: "where" | "until";
  readonly label: string;
  readonly placeholder: string;
}

/** A condition of a stage, or what ends its repetition. */
export function PatternCondition({ stage, member, label, placeholder, fields, findings, onChange, onSettle }: PatternConditionProps) {
  const found = findingsAt(findings, [member]);
  return (
    <FieldFrame label={label} hideLabel error={errorWords(found)}>
      {(control) => (
        <ExpressionEditor
          label={label}
          describedBy={control["aria-describedby"]}
          value={stage[member]}
          onChange={(text) => onChange({ [member]: text })}
          onSettle={onSettle}
          fields={fields}
          diagnostics={found}
          placeholder={placeholder}
        />
      )}
    </FieldFrame>
  );
}
