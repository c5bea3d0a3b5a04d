"use client";

import type { JsonValue } from "@millrace/engine";
import { useState } from "react";
import { FieldFrame } from "../../../design/FieldFrame.tsx";
import { TextField } from "../../../design/TextField.tsx";
import { recordOf } from "../../document/plain-record.ts";
import { EntryList } from "./EntryList.tsx";
import type { FieldProps, KindOf } from "./field-props.ts";

interface Row {
  readonly name: string;
  readonly value: string;
}

/** Request headers. Rows without a name are only kept here until they have one. */
export function HeadersParamField({ label, help, value, error, onChange, onSettle }: FieldProps<KindOf<"headers">>) {
  const saved = rowsOf(value);
  const [draft, setDraft] = useState<readonly Row[] | null>(null);
  const rows = draft ?? saved;
  const change = (next: readonly Row[]): void => {
    const names = next.map((row) => row.name.toLowerCase());
    const isWhole = names.every((name, i) => name !== "" && names.indexOf(name) === i);
    setDraft(isWhole ? null : next);
    onChange(recordOf(next.filter((row) => row.name !== "").map((row): [string, JsonValue] => [row.name, row.value])));
  };
  return (
    <FieldFrame label={label} help={help} error={error}>
      {() => (
        <EntryList
          items={rows}
          itemName="header"
          addLabel="Add a header"
          onAdd={() => setDraft([...rows, { name: "", value: "" }])}
          onRemove={(i) => change(rows.toSpliced(i, 1))}
          renderItem={(row, i) => (
            <div className="grid grid-cols-[2fr_3fr] gap-1">
              <TextField
                label={`Name of header ${i + 1}`}
                hideLabel
                mono
                value={row.name}
                placeholder="X-Source"
                onValueChange={(name) => change(rows.with(i, { ...row, name: name.trim() }))}
                onBlur={onSettle}
              />
              <TextField
                label={`Value of header ${i + 1}`}
                hideLabel
                mono
                value={row.value}
                onValueChange={(text) => change(rows.with(i, { ...row, value: text }))}
                onBlur={onSettle}
              />
            </div>
          )}
        />
      )}
    </FieldFrame>
  );
}

function rowsOf(value: JsonValue | undefined): readonly Row[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.entries(value).map(([name, text]) => ({ name, value: typeof text === "string" ? text : JSON.stringify(text) }));
}
