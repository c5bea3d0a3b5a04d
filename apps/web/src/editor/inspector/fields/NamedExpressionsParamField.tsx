"use client";

import type { JsonValue } from "@millrace/engine";
import { FieldFrame } from "../../../design/FieldFrame.tsx";
import { ExpressionEditor } from "../expression/ExpressionEditor.tsx";
import { EntryList, swapped } from "./EntryList.tsx";
import { freeName, readEntries } from "./entries.ts";
import { errorWords, type FieldProps, findingsAt, type KindOf } from "./field-props.ts";
import { NameInput } from "./NameInput.tsx";

const nameForm = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

/** New fields: a name and an expression for each. */
export function NamedExpressionsParamField({
  kind,
  label,
  help,
  value,
  error,
  findings,
  onChange,
  onSettle,
  fieldsOf,
}: FieldProps<KindOf<"named-expressions">>) {
  const entries = readEntries(value, ["name", "value"]);
  const set = (next: readonly Record<string, JsonValue>[]): void => onChange(next.length === 0 ? undefined : next);
  const refusal = (name: string, index: number): string | null => {
    if (!nameForm.test(name)) return "Letters, digits and _, not beginning with a digit.";
    return entries.some((entry, i) => i !== index && entry.name === name) ? `There is a field "${name}" already.` : null;
  };
  return (
    <FieldFrame label={label} help={help} error={error}>
      {() => (
        <EntryList
          items={entries}
          itemName="field"
          addLabel="Add a field"
          onAdd={() => set([...entries, { name: freeName(entries, "field"), value: "" }])}
          onRemove={(i) => set(entries.toSpliced(i, 1))}
          onSwap={(i) => set(swapped(entries, i))}
          renderItem={(entry, i) => (
            <div className="flex flex-col gap-1">
              <NameInput
                label={`Name of field ${i + 1}`}
                value={entry.name}
                refusal={(name) => refusal(name, i)}
                error={errorWords(findingsAt(findings, [i, "name"]))}
                onCommit={(name) => set(entries.with(i, { ...entry, name }))}
              />
              <FieldFrame label={`Expression of field ${i + 1}`} hideLabel error={errorWords(findingsAt(findings, [i, "value"]))}>
                {(control) => (
                  <ExpressionEditor
                    label={`Expression of field ${i + 1}`}
                    describedBy={control["aria-describedby"]}
                    value={entry.value}
                    onChange={(text) => set(entries.with(i, { ...entry, value: text }))}
                    onSettle={onSettle}
                    fields={fieldsOf(kind.port) ?? []}
                    diagnostics={findingsAt(findings, [i, "value"])}
                    placeholder="price * quantity"
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
