"use client";

import type { Ref, TextareaHTMLAttributes } from "react";
import { classNames } from "./class-names.ts";
import { FieldFrame, type FieldText } from "./FieldFrame.tsx";

export interface TextAreaProps extends FieldText, Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, "onChange" | "value"> {
  readonly value: string;
  readonly onValueChange: (value: string) => void;
  readonly mono?: boolean;
  readonly ref?: Ref<HTMLTextAreaElement>;
}

/** Several lines of text. */
export function TextArea({
  label,
  hideLabel = false,
  help,
  error,
  value,
  onValueChange,
  mono = false,
  className,
  rows = 3,
  ...rest
}: TextAreaProps) {
  return (
    <FieldFrame label={label} hideLabel={hideLabel} help={help} error={error} className={className}>
      {(control) => (
        <textarea
          {...control}
          rows={rows}
          value={value}
          onChange={(event) => onValueChange(event.target.value)}
          spellCheck={false}
          className={classNames("control h-auto resize-y py-1 leading-normal", mono && "font-mono")}
          {...rest}
        />
      )}
    </FieldFrame>
  );
}
