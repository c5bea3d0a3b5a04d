"use client";

import { useState } from "react";
import { TextField } from "../../../design/TextField.tsx";

export interface NameInputProps {
  readonly label: string;
  readonly value: string;
  /** Why a name will not do, as words; null = it will. */
  readonly refusal: (name: string) => string | null;
  readonly onCommit: (name: string) => void;
  readonly error?: string | undefined;
  readonly placeholder?: string;
}

/** A name that other things refer to (a port, a field): it is only taken over when it is whole and valid, on Enter or on leaving. */
export function NameInput({ label, value, refusal, onCommit, error, placeholder = "name" }: NameInputProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const problem = draft === null || draft === value ? null : refusal(draft);
  const commit = (): void => {
    if (draft !== null && draft !== value && refusal(draft) === null) onCommit(draft);
    setDraft(null);
  };
  return (
    <TextField
      label={label}
      hideLabel
      mono
      value={draft ?? value}
      placeholder={placeholder}
      error={problem ?? error}
      onValueChange={(next) => setDraft(next)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === "Enter") commit();
        if (event.key === "Escape") setDraft(null);
      }}
    />
  );
}
