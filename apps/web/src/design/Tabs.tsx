"use client";

import { Tabs as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";

export interface TabItem<T extends string> {
  readonly value: T;
  readonly label: string;
  /** A count or a mark after the word. */
  readonly badge?: ReactNode;
}

export interface TabsProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly onValueChange: (value: T) => void;
  readonly items: readonly TabItem<T>[];
  /** `TabPanel`s. */
  readonly children: ReactNode;
  /** At the right end of the tab strip. */
  readonly aside?: ReactNode;
  readonly className?: string | undefined;
}

/** Tabs with their panels; arrow keys move between them. */
export function Tabs<T extends string>({ label, value, onValueChange, items, children, aside, className }: TabsProps<T>) {
  const change = (next: string): void => {
    const item = items.find((candidate) => candidate.value === next);
    if (item !== undefined) onValueChange(item.value);
  };
  return (
    <Radix.Root value={value} onValueChange={change} className={classNames("flex min-h-0 flex-col", className)}>
      <div className="flex shrink-0 items-center justify-between gap-2 border-b border-line px-2">
        <Radix.List aria-label={label} className="flex min-w-0 overflow-x-auto [scrollbar-width:none]">
          {items.map((item) => (
            <Radix.Trigger
              key={item.value}
              value={item.value}
              className="-mb-px flex h-9 shrink-0 items-center gap-1.5 border-b-2 border-transparent px-2 text-13 font-medium text-ink-3 transition-colors duration-(--fast) hover:text-ink focus-visible:outline-offset-[-3px] data-[state=active]:border-accent data-[state=active]:text-ink"
            >
              {item.label}
              {item.badge}
            </Radix.Trigger>
          ))}
        </Radix.List>
        {aside}
      </div>
      {children}
    </Radix.Root>
  );
}

export interface TabPanelProps {
  readonly value: string;
  readonly children: ReactNode;
  readonly className?: string | undefined;
}

/** Content of one tab. */
export function TabPanel({ value, children, className }: TabPanelProps) {
  return (
    <Radix.Content value={value} className={classNames("min-h-0 flex-1 focus-visible:outline-offset-[-2px]", className)}>
      {children}
    </Radix.Content>
  );
}
