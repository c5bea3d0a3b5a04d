"use client";

import type { JsonValue } from "@millrace/engine";
import { FieldFrame } from "../../../design/FieldFrame.tsx";
import { Select } from "../../../design/Select.tsx";
import { EntryList, swapped } from "./EntryList.tsx";
import { readEntries } from "./entries.ts";
import { errorWords, type FieldProps, findingsAt, type KindOf } from "./field-props.ts";

const directions = [
  { value: "up", label: "smallest first" },
  { value: "down", label: "largest first" },
] as const;

/** An order by fields of an input, the first of them first. */
export function OrderParamField({ kind, label, help, value, error, findings, onChange, fieldsOf }: FieldProps<KindOf<"order">>) {
  const entries = readEntries(value, ["field", "descending"]);
  const options = (fieldsOf(kind.port) ?? []).map((field) => ({ value: field.name, label: field.name }));
  const set = (next: readonly { readonly field: string; readonly descending: string }[]): void =>
    onChange(next.length === 0 ? undefined : next.map(writeEntry));
  const free = options.find((option) => !entries.some((entry) => entry.field === option.value));
  return (
    <FieldFrame label={label} help={help} error={error}>
      {() => (
        <EntryList
          items={entries}
          itemName="field"
          addLabel="Add a field"
          onAdd={() => set([...entries, { field: free?.value ?? "", descending: "" }])}
          onRemove={(i) => set(entries.toSpliced(i, 1))}
          onSwap={(i) => set(swapped(entries, i))}
          renderItem={(entry, i) => (
            <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)] gap-1">
              <Select
                label={`Field ${i + 1} of the order`}
                hideLabel
                mono
                value={entry.field === "" ? null : entry.field}
                error={errorWords(findingsAt(findings, [i, "field"]))}
                onValueChange={(field) => set(entries.with(i, { ...entry, field }))}
                options={
                  options.some((option) => option.value === entry.field)
                    ? options
                    : [{ value: entry.field, label: entry.field }, ...options]
                }
                placeholder="Choose a field"
              />
              <Select
                label={`Direction of field ${i + 1}`}
                hideLabel
                value={entry.descending === "true" ? "down" : "up"}
                onValueChange={(direction) => set(entries.with(i, { ...entry, descending: direction === "down" ? "true" : "" }))}
                options={directions}
              />
            </div>
          )}
        />
      )}
    </FieldFrame>
  );
}

function writeEntry({ field, descending }: { readonly field: string; readonly descending: string }): JsonValue {
  return { field, ...(descending === "true" ? { descending: true } : {}) };
}
