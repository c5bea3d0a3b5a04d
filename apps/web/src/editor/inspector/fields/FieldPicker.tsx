"use client";

import { type Field, showType } from "@millrace/engine";
import { Command } from "cmdk";
import { useState } from "react";

export interface FieldPickerProps {
  readonly fields: readonly Field[];
  /** Any name may be entered, not only those of the list. */
  readonly free: boolean;
  readonly onPick: (name: string) => void;
}

/** A list of fields with their types, found by typing. */
export function FieldPicker({ fields, free, onPick }: FieldPickerProps) {
  const [query, setQuery] = useState("");
  const isNew = free && query.trim() !== "" && !fields.some((field) => field.name === query.trim());
  return (
    <Command label="Fields" className="-m-1">
      <Command.Input
        value={query}
        onValueChange={setQuery}
        placeholder={free ? "Name of a field" : "Find a field"}
        className="control mb-1 font-mono"
      />
      <Command.List className="max-h-60 overflow-y-auto">
        <Command.Empty className="px-2 py-1.5 text-13 text-ink-3">{free ? "Write the name of a field." : "No such field."}</Command.Empty>
        {fields.map((field) => (
          <Command.Item key={field.name} value={field.name} onSelect={() => onPick(field.name)} className={itemClasses}>
            <span className="truncate font-mono">{field.name}</span>
            <span className="shrink-0 text-12 text-ink-3">{showType(field.type)}</span>
          </Command.Item>
        ))}
        {isNew && (
          <Command.Item value={query} onSelect={() => onPick(query.trim())} className={itemClasses}>
            <span className="truncate font-mono">{query.trim()}</span>
            <span className="shrink-0 text-12 text-ink-3">as written</span>
          </Command.Item>
        )}
      </Command.List>
    </Command>
  );
}

const itemClasses =
  "flex h-8 cursor-default items-center justify-between gap-3 rounded-control px-2 text-13 data-[selected=true]:bg-surface-2";
