"use client";

import type { InputHTMLAttributes, ReactNode, Ref } from "react";
import { classNames } from "./class-names.ts";
import { FieldFrame, type FieldText } from "./FieldFrame.tsx";

export interface TextFieldProps extends FieldText, Omit<InputHTMLAttributes<HTMLInputElement>, "onChange" | "value"> {
  readonly value: string;
  readonly onValueChange: (value: string) => void;
  /** Identifiers and raw data. */
  readonly mono?: boolean;
  /** Decorates the start of the control. */
  readonly icon?: ReactNode;
  readonly aside?: ReactNode;
  readonly ref?: Ref<HTMLInputElement>;
}

/** One line of text. */
export function TextField({
  label,
  hideLabel = false,
  help,
  error,
  aside,
  value,
  onValueChange,
  mono = false,
  icon,
  className,
  type = "text",
  ...rest
}: TextFieldProps) {
  return (
    <FieldFrame label={label} hideLabel={hideLabel} help={help} error={error} aside={aside} className={className}>
      {(control) => (
        <div className="relative">
          {icon !== undefined && (
            <span aria-hidden className="pointer-events-none absolute inset-y-0 left-2 flex items-center text-ink-3">
              {icon}
            </span>
          )}
          <input
            {...control}
            type={type}
            value={value}
            onChange={(event) => onValueChange(event.target.value)}
            spellCheck={false}
            autoComplete="off"
            className={classNames("control", mono && "font-mono", icon !== undefined && "ps-7")}
            {...rest}
          />
        </div>
      )}
    </FieldFrame>
  );
}
