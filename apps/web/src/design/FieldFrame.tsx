"use client";

import { type ReactNode, useId } from "react";
import { classNames } from "./class-names.ts";

export interface FieldText {
  readonly label: string;
  /** Read aloud, but not shown: where the place says it already. */
  readonly hideLabel?: boolean;
  readonly help?: ReactNode;
  /** What is wrong with this very field; takes the place of the help. */
  readonly error?: ReactNode;
}

/** What the control inside a frame must carry. */
export interface FieldControl {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": true | undefined;
}

export interface FieldFrameProps extends FieldText {
  readonly className?: string | undefined;
  /** Right of the label: a unit, a link. */
  readonly aside?: ReactNode;
  readonly children: (control: FieldControl) => ReactNode;
}

/** A field: label above, control, help or error below. */
export function FieldFrame({ label, hideLabel = false, help, error, className, aside, children }: FieldFrameProps) {
  const id = useId();
  const note = error ?? help;
  const hasError = error !== undefined && error !== null && error !== false;
  const hasNote = note !== undefined && note !== null && note !== false;
  return (
    <div className={classNames("flex min-w-0 flex-col gap-1", className)}>
      <div className={hideLabel ? "sr-only" : "flex items-baseline justify-between gap-2"}>
        <label htmlFor={id} className="text-12 font-medium text-ink-2">
          {label}
        </label>
        {aside}
      </div>
      {children({ id, "aria-describedby": hasNote ? `${id}-note` : undefined, "aria-invalid": hasError ? true : undefined })}
      {hasNote && (
        <div id={`${id}-note`} className={classNames("text-12", hasError ? "text-danger" : "text-ink-3")}>
          {note}
        </div>
      )}
    </div>
  );
}
