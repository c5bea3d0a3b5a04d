"use client";

import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";
import { overlayContainer } from "./overlay-container.ts";

export interface DialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  /** One or two sentences: what is asked, and what follows. */
  readonly description?: ReactNode;
  readonly children?: ReactNode;
  /** Buttons, the consequence named on each; right-aligned, the main one last. */
  readonly actions?: ReactNode;
  readonly width?: "narrow" | "wide";
}

/** Asks one thing. Esc and the close button leave it without a consequence. */
export function Dialog({ open, onOpenChange, title, description, children, actions, width = "narrow" }: DialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal container={overlayContainer()}>
        <Radix.Overlay className="fixed inset-0 z-40 animate-fade bg-overlay" />
        <Radix.Content
          {...(description === undefined ? { "aria-describedby": undefined } : {})}
          className={classNames(
            "fixed top-1/2 left-1/2 z-50 flex max-h-[calc(100dvh-32px)] w-[calc(100vw-32px)] -translate-x-1/2 -translate-y-1/2 animate-fade flex-col rounded-dialog border border-line bg-surface-1 shadow-dialog focus:outline-none",
            width === "wide" ? "max-w-[760px]" : "max-w-[440px]",
          )}
        >
          <header className="px-6 pt-5 pe-14">
            <Radix.Title className="text-16 font-semibold">{title}</Radix.Title>
          </header>
          <div
            {...(width === "wide" ? { tabIndex: 0 } : {})}
            className="flex min-h-0 flex-col gap-4 overflow-y-auto px-6 pt-2 pb-6 focus-visible:outline-offset-[-4px]"
          >
            {description !== undefined && <Radix.Description className="text-14 text-ink-2">{description}</Radix.Description>}
            {children}
          </div>
          {actions !== undefined && <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-6 py-4">{actions}</footer>}
          {/* Last in the order of tabs: the first thing to reach is what the dialog asks. */}
          <Radix.Close
            aria-label="Close"
            className="absolute top-4 right-4 flex size-8 items-center justify-center rounded-control text-ink-3 hover:bg-surface-2 hover:text-ink"
          >
            <X size={16} />
          </Radix.Close>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
