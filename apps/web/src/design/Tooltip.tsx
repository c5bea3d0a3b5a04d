"use client";

import { Tooltip as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { overlayContainer } from "./overlay-container.ts";

export interface TooltipProps {
  readonly content: ReactNode;
  /** One element that takes a ref. */
  readonly children: ReactNode;
  readonly side?: "top" | "right" | "bottom" | "left";
  readonly align?: "start" | "center" | "end";
}

/** A plain explanation on hover and focus. Never the only place where something is said. */
export function Tooltip({ content, children, side = "bottom", align = "center" }: TooltipProps) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal container={overlayContainer()}>
        <Radix.Content
          side={side}
          align={align}
          sideOffset={6}
          collisionPadding={8}
          className="z-50 max-w-72 animate-fade rounded-control bg-ink px-2 py-1 text-12 text-surface-1 shadow-float select-none"
        >
          {content}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Stands once around the application; a second tooltip opens without delay. */
export function TooltipProvider({ children }: { readonly children: ReactNode }) {
  return (
    <Radix.Provider delayDuration={400} skipDelayDuration={200}>
      {children}
    </Radix.Provider>
  );
}
