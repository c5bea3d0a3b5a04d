"use client";

import { FieldFrame } from "../../../design/FieldFrame.tsx";
import type { FieldProps, KindOf } from "./field-props.ts";
import { PatternStageList } from "./PatternStageList.tsx";
import { type PatternStageEntry, readStages, stageNames, writeStages } from "./pattern-stages.ts";

/** The stages of an event pattern: how each follows the one before, its name, its condition and how often it comes; groups hold stages. */
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
        <PatternStageList
          stages={stages}
          prefix=""
          depth={0}
          names={stageNames(stages)}
          fields={fieldsOf(kind.port) ?? []}
          findings={findings}
          onChange={set}
          onSettle={onSettle}
        />
      )}
    </FieldFrame>
  );
}
