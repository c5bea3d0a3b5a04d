import type { ReactNode } from "react";

/** A key to press. */
export function Kbd({ children }: { readonly children: ReactNode }) {
  return (
    <kbd className="inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-[4px] border border-line-strong bg-surface-1 px-1 font-sans text-12 text-ink-2">
      {children}
    </kbd>
  );
}
