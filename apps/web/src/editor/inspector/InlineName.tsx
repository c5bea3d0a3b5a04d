"use client";

import { useEffect, useRef, useState } from "react";
import { classNames } from "../../design/class-names.ts";

export interface InlineNameProps {
  /** Read aloud: `Name of the node`. */
  readonly label: string;
  readonly value: string;
  /** Shown while there is no value. */
  readonly placeholder?: string;
  readonly onCommit: (value: string) => void;
  readonly className?: string;
}

/** A name that is changed where it stands: Enter or leaving takes it over, Esc does not. */
export function InlineName({ label, value, placeholder, onCommit, className }: InlineNameProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const isLeaving = useRef(false);
  const input = useRef<HTMLInputElement>(null);
  const text = draft ?? value;
  useEffect(() => {
    if (draft === null) input.current?.setSelectionRange(0, 0);
  }, [draft]);
  const end = (keep: boolean): void => {
    if (isLeaving.current) return;
    isLeaving.current = true;
    if (keep && draft !== null && draft !== value) onCommit(draft);
    setDraft(null);
    input.current?.blur();
    isLeaving.current = false;
  };
  return (
    <input
      ref={input}
      aria-label={label}
      value={text}
      placeholder={placeholder}
      spellCheck={false}
      autoComplete="off"
      maxLength={120}
      onFocus={(event) => event.target.select()}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={() => end(true)}
      onKeyDown={(event) => {
        if (event.key === "Enter") end(true);
        if (event.key === "Escape") end(false);
      }}
      className={classNames(
        "field-sizing-content min-w-8 max-w-full truncate rounded-[4px] bg-transparent px-1 hover:bg-surface-2 focus:bg-surface-1 placeholder:text-ink",
        className,
      )}
    />
  );
}
