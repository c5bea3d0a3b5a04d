"use client";

import { useState } from "react";
import { FieldFrame, type FieldText } from "./FieldFrame.tsx";

export interface NumberFieldProps extends FieldText {
  /** null: nothing entered yet. */
  readonly value: number | null;
  /** Called with every number that can be read from the text, and with null when it is emptied. */
  readonly onValueChange: (value: number | null) => void;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** What the arrow keys add. Default 1; with Shift ten times as much. */
  readonly step?: number | undefined;
  readonly unit?: string | undefined;
  readonly disabled?: boolean | undefined;
  readonly placeholder?: string | undefined;
  readonly className?: string | undefined;
}

/** A number, typed or stepped by the arrow keys, with its unit inside the control. */
export function NumberField({
  label,
  hideLabel = false,
  help,
  error,
  value,
  onValueChange,
  min,
  max,
  step = 1,
  unit,
  disabled,
  placeholder,
  className,
}: NumberFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const text = draft ?? (value === null ? "" : String(value));

  function enter(next: string): void {
    setDraft(next);
    const parsed = next.trim() === "" ? null : Number(next.replace(/\s/g, "").replace(",", "."));
    if (parsed === null || Number.isFinite(parsed)) onValueChange(parsed);
  }

  function stepBy(amount: number): void {
    const next = Math.min(max ?? Infinity, Math.max(min ?? -Infinity, (value ?? 0) + amount));
    setDraft(null);
    onValueChange(Number(next.toPrecision(12)));
  }

  return (
    <FieldFrame label={label} hideLabel={hideLabel} help={help} error={error} className={className}>
      {(control) => (
        <div className="relative">
          <input
            {...control}
            type="text"
            inputMode="decimal"
            role="spinbutton"
            aria-valuenow={value ?? undefined}
            aria-valuemin={min}
            aria-valuemax={max}
            aria-valuetext={value === null || unit === undefined ? undefined : `${value} ${unit}`}
            value={text}
            disabled={disabled}
            placeholder={placeholder}
            onChange={(event) => enter(event.target.value)}
            onBlur={() => setDraft(null)}
            onKeyDown={(event) => {
              if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
              event.preventDefault();
              stepBy((event.key === "ArrowUp" ? step : -step) * (event.shiftKey ? 10 : 1));
            }}
            className="control figures text-right"
            // The unit stands behind the digits, however long it is.
            style={unit === undefined ? undefined : { paddingInlineEnd: `calc(${unit.length * 0.85}ch + 1rem)` }}
          />
          {unit !== undefined && (
            <span aria-hidden className="pointer-events-none absolute inset-y-0 right-2 flex items-center text-12 text-ink-3">
              {unit}
            </span>
          )}
        </div>
      )}
    </FieldFrame>
  );
}
