"use client";

import { type Field, param } from "@millrace/engine";
import { Group, Ungroup } from "lucide-react";
import { IconButton } from "../../../design/IconButton.tsx";
import { Select } from "../../../design/Select.tsx";
import { DurationParamField } from "./DurationParamField.tsx";
import { EntryList, swapped } from "./EntryList.tsx";
import { errorWords, type Finding, findingsAt } from "./field-props.ts";
import { NameInput } from "./NameInput.tsx";
import { PatternCondition, PatternRepetition, type PatternStageProps } from "./PatternStageParts.tsx";
import { contiguityOptions, intoGroup, isAbsence, newStage, onceOnly, outOfGroup, type PatternStageEntry } from "./pattern-stages.ts";

const nameForm = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

interface PatternStageListProps {
  readonly stages: readonly PatternStageEntry[];
  /** Stands before the number of a stage: `2.` in the group that is the second stage. */
  readonly prefix: string;
  /** In how many groups the list is. */
  readonly depth: number;
  /** All names in the pattern. */
  readonly names: readonly string[];
  readonly fields: readonly Field[];
  readonly findings: readonly Finding[];
  readonly onChange: (stages: readonly PatternStageEntry[]) => void;
  readonly onSettle: () => void;
}

/** The stages of a pattern, or of a group in it. */
export function PatternStageList({ stages, prefix, depth, names, fields, findings, onChange, onSettle }: PatternStageListProps) {
  const regroup = (i: number, by: readonly PatternStageEntry[]): void => onChange(stages.toSpliced(i, 1, ...by));
  return (
    <EntryList
      items={stages}
      itemName={prefix === "" ? "stage" : `stage ${prefix}`}
      addLabel={prefix === "" ? "Add a stage" : "Add a stage to the group"}
      onAdd={() => onChange([...stages, newStage(names)])}
      onRemove={(i) => onChange(stages.toSpliced(i, 1))}
      onSwap={(i) => onChange(swapped(stages, i))}
      renderTool={(stage, i) => {
        if (stage.group === null && depth >= param.maxGroupDepth) return null;
        const isGroup = stage.group !== null;
        return (
          <IconButton
            size="small"
            label={isGroup ? `Take the group ${prefix}${i + 1} apart` : `Put stage ${prefix}${i + 1} into a group`}
            tooltipSide="left"
            icon={isGroup ? <Ungroup size={14} /> : <Group size={14} />}
            onClick={() => regroup(i, isGroup ? outOfGroup(stage) : [intoGroup(stage, names)])}
          />
        );
      }}
      renderItem={(stage, i) => (
        <Stage
          stage={stage}
          number={`${prefix}${i + 1}`}
          isFirst={i === 0}
          depth={depth}
          names={names}
          fields={fields}
          findings={findings.flatMap((finding) => below(finding, `${i}.`))}
          onChange={(change) => onChange(stages.with(i, { ...stage, ...change }))}
          onSettle={onSettle}
        />
      )}
    />
  );
}

interface StageProps extends PatternStageProps {
  readonly isFirst: boolean;
  readonly depth: number;
  readonly names: readonly string[];
}

function Stage(props: StageProps) {
  const { stage, number, isFirst, depth, names, fields, findings, onChange, onSettle } = props;
  const what = stage.group === null ? "stage" : "group";
  const options = stage.group === null ? contiguityOptions : contiguityOptions.filter(({ value }) => !value.startsWith("not"));
  const refusal = (name: string): string | null => {
    if (!nameForm.test(name)) return "Letters, digits and _, not beginning with a digit.";
    return name !== stage.name && names.includes(name) ? `There is a stage "${name}" already.` : null;
  };
  return (
    <div className="flex flex-col gap-1">
      <div className="grid grid-cols-[104px_minmax(0,1fr)] gap-1">
        {isFirst ? (
          <span className="self-center ps-2 text-12 text-ink-3">begin with</span>
        ) : (
          <Select
            label={`How ${what} ${number} follows`}
            hideLabel
            value={stage.contiguity}
            error={errorWords(findingsAt(findings, ["contiguity"]))}
            onValueChange={(contiguity) =>
              onChange({ contiguity, ...(contiguity.startsWith("not") ? { times: onceOnly, until: "" } : {}) })
            }
            options={options}
          />
        )}
        <NameInput
          label={`Name of ${what} ${number}`}
          value={stage.name}
          refusal={refusal}
          error={errorWords(findingsAt(findings, ["name"]))}
          onCommit={(name) => onChange({ name })}
        />
      </div>
      {stage.group === null ? (
        <PatternCondition {...props} member="where" label={`Condition of stage ${number}`} placeholder="any event" />
      ) : (
        <PatternStageList
          stages={stage.group}
          prefix={`${number}.`}
          depth={depth + 1}
          names={names}
          fields={fields}
          findings={findings.flatMap((finding) => below(finding, "group."))}
          onChange={(group) => onChange({ group })}
          onSettle={onSettle}
        />
      )}
      {(stage.group !== null || !isAbsence(stage)) && <PatternRepetition {...props} />}
      {stage.group === null && (
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
          onSettle={onSettle}
        />
      )}
    </div>
  );
}

function below(finding: Finding, prefix: string): Finding[] {
  return finding.path.startsWith(prefix) ? [{ ...finding, path: finding.path.slice(prefix.length) }] : [];
}
