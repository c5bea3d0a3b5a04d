"use client";

import { parseDuration, writeDuration } from "@millrace/engine";
import { durationWords } from "@millrace/nodes";
import { useState } from "react";
import { TextField } from "../../../design/TextField.tsx";
import { parseDurationWords } from "../parse-duration-words.ts";
import type { FieldProps, KindOf } from "./field-props.ts";

/** A length of time as people write it; its canonical form stands beside the label. */
export function DurationParamField({ label, help, value, error, optional, onChange, onSettle }: FieldProps<KindOf<"duration">>) {
  const [draft, setDraft] = useState<string | null>(null);
  const canonical = typeof value === "string" ? value : "";
  const text = draft ?? words(canonical);
  const isUnread = draft !== null && draft.trim() !== "" && parseDurationWords(draft) === null;

  const enter = (next: string): void => {
    setDraft(next);
    const ms = parseDurationWords(next);
    if (ms !== null) onChange(writeDuration(ms));
    else if (next.trim() === "") onChange(undefined);
  };
  /** What cannot be read is kept as it was written, so that nothing is lost; the checker says what is wrong with it. */
  const settle = (): void => {
    if (isUnread && draft !== null) onChange(draft.trim());
    setDraft(null);
    onSettle();
  };

  return (
    <TextField
      label={label}
      help={help}
      error={isUnread ? "Write a number and a unit, such as 5 min or 1 h 30 min." : error}
      aside={canonical !== "" && !isUnread && <span className="font-mono text-12 text-ink-3">{canonical}</span>}
      value={text}
      placeholder={optional ? "not set" : "5 min"}
      onValueChange={enter}
      onBlur={settle}
    />
  );
}

function words(canonical: string): string {
  const ms = parseDuration(canonical);
  return ms === null ? canonical : durationWords(ms);
}
