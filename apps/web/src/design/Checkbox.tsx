"use client";

import { Check, Minus } from "lucide-react";
import { Checkbox as Radix } from "radix-ui";
import { useId } from "react";

export interface CheckboxProps {
  readonly label: string;
  readonly hideLabel?: boolean;
  readonly checked: boolean | "indeterminate";
  readonly onCheckedChange: (checked: boolean) => void;
  readonly disabled?: boolean | undefined;
}

/** A choice that counts with others, such as a row that is selected. */
export function Checkbox({ label, hideLabel = false, checked, onCheckedChange, disabled = false }: CheckboxProps) {
  const id = useId();
  return (
    <div className="flex items-center gap-2">
      <Radix.Root
        id={id}
        checked={checked}
        onCheckedChange={(next) => onCheckedChange(next === true)}
        disabled={disabled}
        aria-label={hideLabel ? label : undefined}
        className="flex size-4 shrink-0 items-center justify-center rounded-[4px] border border-line-strong bg-surface-1 text-on-fill data-[state=checked]:border-accent-fill data-[state=checked]:bg-accent-fill data-[state=indeterminate]:border-accent-fill data-[state=indeterminate]:bg-accent-fill disabled:opacity-50"
      >
        <Radix.Indicator>
          {checked === "indeterminate" ? <Minus size={12} strokeWidth={3} /> : <Check size={12} strokeWidth={3} />}
        </Radix.Indicator>
      </Radix.Root>
      {!hideLabel && (
        <label htmlFor={id} className="text-13">
          {label}
        </label>
      )}
    </div>
  );
}
