"use client";

import { type Field, showType } from "@millrace/engine";
import { Plus, X } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import type { FieldControl } from "../../../design/FieldFrame.tsx";
import { Popover } from "../../../design/Popover.tsx";
import { FieldPicker } from "./FieldPicker.tsx";

export interface FieldTokensProps {
  readonly control: FieldControl;
  readonly label: string;
  readonly names: readonly string[];
  /** null: nobody knows the fields; any name can be written. */
  readonly fields: readonly Field[] | null;
  readonly onChange: (names: readonly string[]) => void;
}

/** Chosen fields as tokens, and a button that offers the others. */
export function FieldTokens({ control, label, names, fields, onChange }: FieldTokensProps) {
  const [open, setOpen] = useState(false);
  const remove = (name: string): void => onChange(names.filter((other) => other !== name));
  const onKeyDown = (event: KeyboardEvent): void => {
    const last = names.at(-1);
    if (event.key === "Backspace" && last !== undefined) remove(last);
  };
  const rest = (fields ?? []).filter((field) => !names.includes(field.name));
  return (
    <div className="control flex h-auto min-h-8 flex-wrap items-center gap-1 px-1 py-[3px]">
      {names.map((name) => (
        <Token
          key={name}
          name={name}
          type={fields?.find((field) => field.name === name)}
          known={fields === null || fields.some((field) => field.name === name)}
          onRemove={() => remove(name)}
        />
      ))}
      <Popover
        label={`Add to ${label}`}
        open={open}
        onOpenChange={setOpen}
        trigger={
          <button
            type="button"
            {...control}
            onKeyDown={onKeyDown}
            className="inline-flex h-6 items-center gap-1 rounded-[4px] px-1.5 text-12 text-ink-2 hover:bg-surface-2 hover:text-ink"
          >
            <Plus size={14} aria-hidden />
            {names.length === 0 ? "Add a field" : "Add"}
          </button>
        }
      >
        <FieldPicker
          fields={rest}
          free={fields === null}
          onPick={(name) => {
            if (!names.includes(name)) onChange([...names, name]);
            setOpen(false);
          }}
        />
      </Popover>
    </div>
  );
}

interface TokenProps {
  readonly name: string;
  readonly type: Field | undefined;
  readonly known: boolean;
  readonly onRemove: () => void;
}

function Token({ name, type, known, onRemove }: TokenProps) {
  return (
    <span
      title={type === undefined ? (known ? undefined : "The input has no such field") : showType(type.type)}
      className={`inline-flex h-6 max-w-full items-center rounded-[4px] ps-2 font-mono text-12 ${known ? "bg-surface-2 text-ink" : "bg-danger-soft text-danger"}`}
    >
      <span className="truncate">{name}</span>
      <button
        type="button"
        aria-label={`Remove ${name}`}
        onClick={onRemove}
        className="flex size-6 shrink-0 items-center justify-center rounded-[4px] opacity-70 hover:opacity-100"
      >
        <X size={12} />
      </button>
    </span>
  );
}
