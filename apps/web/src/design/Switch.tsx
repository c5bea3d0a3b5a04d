"use client";

import { Switch as Radix } from "radix-ui";
import { type ReactNode, useId } from "react";

export interface SwitchProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onCheckedChange: (checked: boolean) => void;
  readonly help?: ReactNode;
  readonly disabled?: boolean | undefined;
}

/** Something that is on or off, at once. */
export function Switch({ label, checked, onCheckedChange, help, disabled = false }: SwitchProps) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <div className="flex min-h-6 items-center justify-between gap-3">
        <label htmlFor={id} className="text-12 font-medium text-ink-2">
          {label}
        </label>
        <Radix.Root
          id={id}
          checked={checked}
          onCheckedChange={onCheckedChange}
          disabled={disabled}
          aria-describedby={help === undefined ? undefined : `${id}-help`}
          className="relative h-5 w-9 shrink-0 rounded-full border border-line-strong bg-surface-3 transition-colors duration-(--fast) data-[state=checked]:border-accent-fill data-[state=checked]:bg-accent-fill disabled:opacity-50"
        >
          <Radix.Thumb className="block size-3.5 translate-x-0.5 rounded-full bg-ink-2 transition-transform duration-(--fast) data-[state=checked]:translate-x-[18px] data-[state=checked]:bg-on-fill" />
        </Radix.Root>
      </div>
      {help !== undefined && (
        <p id={`${id}-help`} className="text-12 text-ink-3">
          {help}
        </p>
      )}
    </div>
  );
}
