"use client";

import { Check } from "lucide-react";
import { DropdownMenu as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";
import { overlayContainer } from "./overlay-container.ts";

const itemClasses =
  "relative flex min-h-8 cursor-default items-center gap-2 rounded-control px-2 py-1 text-13 outline-none select-none data-highlighted:bg-surface-2 data-disabled:opacity-50";

export interface MenuProps {
  /** One element that takes a ref: a button. */
  readonly trigger: ReactNode;
  readonly children: ReactNode;
  readonly align?: "start" | "end";
}

/** A menu behind a button. */
export function Menu({ trigger, children, align = "end" }: MenuProps) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal container={overlayContainer()}>
        <Radix.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className="z-50 min-w-44 animate-rise rounded-panel border border-line bg-surface-1 p-1 shadow-float"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export interface MenuItemProps {
  readonly children: ReactNode;
  readonly onSelect: () => void;
  readonly icon?: ReactNode;
  readonly hint?: ReactNode;
  readonly danger?: boolean;
  readonly disabled?: boolean | undefined;
}

/** One thing to do. */
export function MenuItem({ children, onSelect, icon, hint, danger = false, disabled = false }: MenuItemProps) {
  return (
    <Radix.Item onSelect={onSelect} disabled={disabled} className={classNames(itemClasses, danger && "text-danger")}>
      {icon !== undefined && <span className={danger ? undefined : "text-ink-3"}>{icon}</span>}
      <span className="flex-1">{children}</span>
      {hint !== undefined && <span className="text-12 text-ink-3">{hint}</span>}
    </Radix.Item>
  );
}

export interface MenuChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly onValueChange: (value: T) => void;
  readonly options: readonly { readonly value: T; readonly label: string; readonly icon?: ReactNode }[];
}

/** One of several, with a tick at the chosen one. */
export function MenuChoice<T extends string>({ label, value, onValueChange, options }: MenuChoiceProps<T>) {
  const choose = (next: string): void => {
    const option = options.find((candidate) => candidate.value === next);
    if (option !== undefined) onValueChange(option.value);
  };
  return (
    <Radix.RadioGroup aria-label={label} value={value} onValueChange={choose}>
      {options.map((option) => (
        <Radix.RadioItem key={option.value} value={option.value} className={itemClasses}>
          {option.icon !== undefined && <span className="text-ink-3">{option.icon}</span>}
          <span className="flex-1">{option.label}</span>
          <Radix.ItemIndicator className="text-accent">
            <Check size={14} />
          </Radix.ItemIndicator>
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}

/** A line between groups of items. */
export function MenuSeparator() {
  return <Radix.Separator className="-mx-1 my-1 h-px bg-line" />;
}
