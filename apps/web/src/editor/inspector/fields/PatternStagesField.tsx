"use client";

import type { Field } from "@millrace/engine";
import { Checkbox } from "../../../design/Checkbox.tsx";
import { FieldFrame } from "../../../design/FieldFrame.tsx";
import { NumberField } from "../../../design/NumberField.tsx";
import { Select } from "../../../design/Select.tsx";
import { ExpressionEditor } from "../expression/ExpressionEditor.tsx";
import { DurationParamField } from "./DurationParamField.tsx";
import { EntryList, swapped } from "./EntryList.tsx";
import { errorWords, type FieldProps, type Finding, findingsAt, type KindOf } from "./field-props.ts";
import { NameInput } from "./NameInput.tsx";
import { contiguityOptions, innerOptions, newStage, onceOnly, type PatternStageEntry, readStages, writeStages } from "./pattern-stages.ts";

const nameForm = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

/** The stages of an event pattern: how each follows the one before, its name, its condition and how often it comes. */
export function PatternStagesField({
  kind,
  label,
  help,
  value,
  error,
  findings,
  onChange,
  onSettle,
  fieldsOf,
}: FieldProps<KindOf<"pattern-stages">>) {
  const stages = readStages(value);
  const set = (next: readonly PatternStageEntry[]): void => onChange(next.length === 0 ? undefined : writeStages(next));
  return (
    <FieldFrame label={label} help={help} error={error}>
      {() => (
        <EntryList
          items={stages}
          itemName="stage"
          addLabel="Add a stage"
          onAdd={() => set([...stages, newStage(stages)])}
          onRemove={(i) => set(stages.toSpliced(i, 1))}
          onSwap={(i) => set(swapped(stages, i))}
          renderItem={(stage, i) => (
            <Stage
              stage={stage}
              number={i + 1}
              fields={fieldsOf(kind.port) ?? []}
              findings={findings.flatMap((finding) => below(finding, i))}
              taken={stages.filter((_, other) => other !== i).map((other) => other.name)}
              onChange={(change) => set(stages.with(i, { ...stage, ...change }))}
              onSettle={onSettle}
            />
          )}
        />
      )}
    </FieldFrame>
  );
}

interface StageProps {
  readonly stage: PatternStageEntry;
  readonly number: number;
  readonly fields: readonly Field[];
  readonly findings: readonly Finding[];
  readonly taken: readonly string[];
  readonly onChange: (change: Partial<PatternStageEntry>) => void;
  readonly onSettle: () => void;
}

function Stage(props: StageProps) {
  const { stage, number, findings, taken, onChange } = props;
  const isAbsence = stage.contiguity === "notNext" || stage.contiguity === "notFollowedBy";
  const refusal = (name: string): string | null => {
    if (!nameForm.test(name)) return "Letters, digits and _, not beginning with a digit.";
    return taken.includes(name) ? `There is a stage "${name}" already.` : null;
  };
  return (
    <div className="flex flex-col gap-1">
      <div className="grid grid-cols-[104px_minmax(0,1fr)] gap-1">
        {number === 1 ? (
          <span className="self-center ps-2 text-12 text-ink-3">begin with</span>
        ) : (
          <Select
            label={`How stage ${number} follows`}
            hideLabel
            value={stage.contiguity}
            error={errorWords(findingsAt(findings, ["contiguity"]))}
            onValueChange={(contiguity) =>
              onChange({ contiguity, ...(contiguity.startsWith("not") ? { times: onceOnly, until: "" } : {}) })
            }
            options={contiguityOptions}
          />
        )}
        <NameInput
          label={`Name of stage ${number}`}
          value={stage.name}
          refusal={refusal}
          error={errorWords(findingsAt(findings, ["name"]))}
          onCommit={(name) => onChange({ name })}
        />
      </div>
      <Condition {...props} member="where" label={`Condition of stage ${number}`} placeholder="any event" />
      {!isAbsence && <Repetition {...props} />}
      <DurationParamField
        kind={{ kind: "duration" }}
        label={`Within, after the event before stage ${number}`}
        help={undefined}
        value={stage.withinPrevious === "" ? undefined : stage.withinPrevious}
        default={undefined}
        optional
        error={errorWords(findingsAt(findings, ["withinPrevious"]))}
        findings={[]}
        fieldsOf={() => null}
        ownFields={[]}
        onChange={(next) => onChange({ withinPrevious: typeof next === "string" ? next : "" })}
        onSettle={props.onSettle}
      />
    </div>
  );
}

/** How often the stage comes; an empty upper limit stands for no end. */
function Repetition(props: StageProps) {
  const { stage, number, findings, onChange } = props;
  const { times } = stage;
  const set = (change: Partial<typeof times>): void => onChange({ times: { ...times, ...change } });
  const isRepeated = times.min !== 1 || times.max !== 1;
  return (
    <>
      <div className="grid grid-cols-[104px_minmax(0,1fr)_minmax(0,1fr)] items-baseline gap-1">
        <span className="ps-2 text-12 text-ink-3">times, from – to</span>
        <NumberField
          label={`Fewest times of stage ${number}`}
          hideLabel
          min={1}
          max={100}
          value={times.min}
          error={errorWords(findingsAt(findings, ["times", "min"]))}
          onValueChange={(min) => set({ min: min ?? 1 })}
        />
        <NumberField
          label={`Most times of stage ${number}`}
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
          label={`Between the events of stage ${number}`}
          hideLabel
          value={times.inner}
          onValueChange={(inner) => set({ inner })}
          options={innerOptions}
        />
      )}
      {times.max === null && <Condition {...props} member="until" label={`Stage ${number} ends at`} placeholder="until: no condition" />}
      <div className="flex gap-4 ps-2">
        <Checkbox label="May be left out" checked={times.optional} onCheckedChange={(optional) => set({ optional })} />
        {isRepeated && <Checkbox label="Greedy" checked={times.greedy} onCheckedChange={(greedy) => set({ greedy })} />}
      </div>
    </>
  );
}

interface ConditionProps extends StageProps {
  readonly member: "where" | "until";
  readonly label: string;
  readonly placeholder: string;
}

function Condition({ stage, member, label, placeholder, fields, findings, onChange, onSettle }: ConditionProps) {
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

function below(finding: Finding, index: number): Finding[] {
  const prefix = `${index}.`;
  return finding.path.startsWith(prefix) ? [{ ...finding, path: finding.path.slice(prefix.length) }] : [];
}
