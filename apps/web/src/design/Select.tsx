"use client";

import { Check, ChevronDown } from "lucide-react";
import { Select as Radix } from "radix-ui";
import { FieldFrame, type FieldText } from "./FieldFrame.tsx";
import { overlayContainer } from "./overlay-container.ts";

export interface SelectOption<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly help?: string | undefined;
}

export interface SelectProps<T extends string> extends FieldText {
  /** null: nothing chosen yet. */
  readonly value: T | null;
  readonly onValueChange: (value: T) => void;
  readonly options: readonly SelectOption<T>[];
  readonly placeholder?: string | undefined;
  readonly disabled?: boolean | undefined;
  readonly mono?: boolean | undefined;
  readonly className?: string | undefined;
}

/** One of a few choices. Values must not be empty. */
export function Select<T extends string>({
  label,
  hideLabel = false,
  help,
  error,
  value,
  onValueChange,
  options,
  placeholder = "Choose",
  disabled = false,
  mono = false,
  className,
}: SelectProps<T>) {
  const choose = (next: string): void => {
    const option = options.find((candidate) => candidate.value === next);
    if (option !== undefined) onValueChange(option.value);
  };
  return (
    <FieldFrame label={label} hideLabel={hideLabel} help={help} error={error} className={className}>
      {(control) => (
        <Radix.Root value={value ?? ""} onValueChange={choose} disabled={disabled}>
          <Radix.Trigger
            {...control}
            className={`control flex items-center justify-between gap-2 text-left data-placeholder:text-ink-3 ${mono ? "font-mono" : ""}`}
          >
            <span className="truncate">
              <Radix.Value placeholder={placeholder} />
            </span>
            <Radix.Icon asChild>
              <ChevronDown size={14} className="shrink-0 text-ink-3" />
            </Radix.Icon>
          </Radix.Trigger>
          <Radix.Portal container={overlayContainer()}>
            <Radix.Content
              position="popper"
              sideOffset={4}
              collisionPadding={8}
              className="z-50 max-h-80 min-w-(--radix-select-trigger-width) animate-rise overflow-hidden rounded-panel border border-line bg-surface-1 shadow-float"
            >
              <Radix.Viewport className="p-1">
                {options.map((option) => (
                  <Option key={option.value} option={option} mono={mono} />
                ))}
              </Radix.Viewport>
            </Radix.Content>
          </Radix.Portal>
        </Radix.Root>
      )}
    </FieldFrame>
  );
}

function Option({ option, mono }: { readonly option: SelectOption<string>; readonly mono: boolean }) {
  return (
    <Radix.Item
      value={option.value}
      className="relative flex cursor-default flex-col rounded-control py-1.5 ps-7 pe-3 outline-none select-none data-highlighted:bg-surface-2"
    >
      <Radix.ItemIndicator className="absolute top-2 left-2 text-accent">
        <Check size={14} />
      </Radix.ItemIndicator>
      <span className={mono ? "font-mono" : undefined}>
        <Radix.ItemText>{option.label}</Radix.ItemText>
      </span>
      {option.help !== undefined && <span className="max-w-72 text-12 text-ink-3">{option.help}</span>}
    </Radix.Item>
  );
}
