import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import { classNames } from "./class-names.ts";
import { Tooltip } from "./Tooltip.tsx";

export interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** Says what it does; shown as a tooltip and read aloud. */
  readonly label: string;
  readonly icon: ReactNode;
  readonly size?: "small" | "medium";
  /** For toggles: whether it is on. */
  readonly pressed?: boolean;
  readonly tooltipSide?: "top" | "right" | "bottom" | "left";
  readonly ref?: Ref<HTMLButtonElement>;
}

/** A button that shows an icon only. */
export function IconButton({
  label,
  icon,
  size = "medium",
  pressed,
  tooltipSide = "bottom",
  className,
  type = "button",
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip content={label} side={tooltipSide}>
      <button
        type={type}
        aria-label={label}
        aria-pressed={pressed}
        className={classNames(
          "inline-flex shrink-0 items-center justify-center rounded-control text-ink-2 transition-colors duration-(--fast)",
          "enabled:hover:bg-surface-2 enabled:hover:text-ink disabled:opacity-45 aria-pressed:bg-accent-soft aria-pressed:text-accent",
          size === "small" ? "size-6" : "size-8",
          className,
        )}
        {...rest}
      >
        {icon}
      </button>
    </Tooltip>
  );
}
