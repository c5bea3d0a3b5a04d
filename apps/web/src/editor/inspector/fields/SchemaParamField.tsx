"use client";

import { param } from "@millrace/engine";
import { WandSparkles } from "lucide-react";
import { useState } from "react";
import { Button } from "../../../design/Button.tsx";
import { FieldFrame } from "../../../design/FieldFrame.tsx";
import { Select } from "../../../design/Select.tsx";
import { InferSchemaDialog } from "../schema/InferSchemaDialog.tsx";
import { EntryList } from "./EntryList.tsx";
import { freeName, readEntries } from "./entries.ts";
import { errorWords, type FieldProps, findingsAt, type KindOf } from "./field-props.ts";
import { NameInput } from "./NameInput.tsx";

const types = param.declarableTypes.map((type) => ({ value: type, label: type }));

/** What a source's records hold: a name and a type for each field, by hand or from a sample. */
export function SchemaParamField({ label, help, value, error, findings, onChange, sampled = null }: FieldProps<KindOf<"schema">>) {
  const [inferring, setInferring] = useState(false);
  const entries = readEntries(value, ["name", "type"]);
  const set = (next: readonly { readonly name: string; readonly type: string }[]): void =>
    onChange(next.length === 0 ? undefined : next.map(({ name, type }) => ({ name, type })));
  const refusal = (name: string, index: number): string | null => {
    if (name === "" || name.length > 128) return "A name of 1 to 128 characters.";
    return entries.some((entry, i) => i !== index && entry.name === name) ? `There is a field "${name}" already.` : null;
  };
  return (
    <FieldFrame
      label={label}
      help={help}
      error={error}
      aside={
        <Button size="small" variant="quiet" icon={<WandSparkles size={14} />} onClick={() => setInferring(true)} className="-my-1">
          Infer from a sample
        </Button>
      }
    >
      {() => (
        <>
          <EntryList
            items={entries}
            itemName="field"
            addLabel="Add a field"
            onAdd={() => set([...entries, { name: freeName(entries, "field"), type: "string" }])}
            onRemove={(i) => set(entries.toSpliced(i, 1))}
            renderItem={(entry, i) => (
              <div className="grid grid-cols-[minmax(0,1fr)_116px] gap-1">
                <NameInput
                  label={`Name of field ${i + 1}`}
                  value={entry.name}
                  refusal={(name) => refusal(name, i)}
                  error={errorWords(findingsAt(findings, [i, "name"]))}
                  onCommit={(name) => set(entries.with(i, { ...entry, name }))}
                />
                <Select
                  label={`Type of ${entry.name}`}
                  hideLabel
                  mono
                  value={entry.type}
                  onValueChange={(type) => set(entries.with(i, { ...entry, type }))}
                  options={types}
                />
              </div>
            )}
          />
          <InferSchemaDialog open={inferring} onOpenChange={setInferring} onInfer={set} sampled={sampled} />
        </>
      )}
    </FieldFrame>
  );
}
