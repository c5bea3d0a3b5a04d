"use client";

import type { JsonValue } from "@millrace/engine";
import { FieldFrame } from "../../../design/FieldFrame.tsx";
import { ExpressionEditor } from "../expression/ExpressionEditor.tsx";
import { EntryList, swapped } from "./EntryList.tsx";
import { freeName, readEntries } from "./entries.ts";
import { errorWords, type FieldProps, findingsAt, type KindOf } from "./field-props.ts";
import { NameInput } from "./NameInput.tsx";

const nameForm = /^[a-z][a-z0-9_]{0,62}$/;

/** Named conditions, asked from top to bottom; the names are those of ports. */
export function ConditionsParamField({
  kind,
  label,
  help,
  value,
  error,
  findings,
  onChange,
  onSettle,
  fieldsOf,
}: FieldProps<KindOf<"conditions">>) {
  const entries = readEntries(value, ["name", "where"]);
  const set = (next: readonly Record<string, JsonValue>[]): void => onChange(next.length === 0 ? undefined : next);
  const refusal = (name: string, index: number): string | null => {
    if (!nameForm.test(name)) return "Small letters, digits and _, beginning with a letter.";
    return entries.some((entry, i) => i !== index && entry.name === name) ? `There is a port "${name}" already.` : null;
  };
  return (
    <FieldFrame label={label} help={help} error={error}>
      {() => (
        <EntryList
          items={entries}
          itemName="condition"
          addLabel="Add a condition"
          onAdd={() => set([...entries, { name: freeName(entries, "branch"), where: "" }])}
          onRemove={(i) => set(entries.toSpliced(i, 1))}
          onSwap={(i) => set(swapped(entries, i))}
          renderItem={(entry, i) => (
            <div className="flex flex-col gap-1">
              <NameInput
                label={`Name of port ${i + 1}`}
                value={entry.name}
                refusal={(name) => refusal(name, i)}
                error={errorWords(findingsAt(findings, [i, "name"]))}
                onCommit={(name) => set(entries.with(i, { ...entry, name }))}
              />
              <FieldFrame label={`Condition of ${entry.name}`} hideLabel error={errorWords(findingsAt(findings, [i, "where"]))}>
                {(control) => (
                  <ExpressionEditor
                    label={`Condition of ${entry.name}`}
                    describedBy={control["aria-describedby"]}
                    value={entry.where}
                    onChange={(text) => set(entries.with(i, { ...entry, where: text }))}
                    onSettle={onSettle}
                    fields={fieldsOf(kind.port) ?? []}
                    diagnostics={findingsAt(findings, [i, "where"])}
                    placeholder="amount > 100"
                  />
                )}
              </FieldFrame>
            </div>
          )}
        />
      )}
    </FieldFrame>
  );
}
