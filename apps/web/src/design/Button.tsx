import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import { classNames } from "./class-names.ts";

export type ButtonVariant = "primary" | "secondary" | "quiet" | "danger";

const variants: Record<ButtonVariant, string> = {
  primary: "bg-accent-fill text-on-fill border-transparent enabled:hover:bg-accent-fill-hover",
  secondary: "bg-surface-1 text-ink border-line-control enabled:hover:bg-surface-2",
  quiet: "bg-transparent text-ink-2 border-transparent enabled:hover:bg-surface-2 enabled:hover:text-ink",
  danger: "bg-danger-fill text-on-fill border-transparent enabled:hover:bg-danger-fill-hover",
};

const sizes = { small: "h-7 px-2 text-12", medium: "h-8 px-3 text-13" } as const;

/** Classes of a button, for links that look like one. */
export function buttonClasses(variant: ButtonVariant, size: keyof typeof sizes = "medium"): string {
  return classNames(
    "inline-flex shrink-0 select-none items-center justify-center gap-2 whitespace-nowrap rounded-control border font-medium",
    "transition-colors duration-(--fast) disabled:opacity-50",
    sizes[size],
    variants[variant],
  );
}

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly variant?: ButtonVariant;
  readonly size?: keyof typeof sizes;
  /** Shown before the words. */
  readonly icon?: ReactNode;
  /** The action is under way: the button is disabled and says so, without changing its width. */
  readonly busy?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
}

/** A button with a verb on it. One `primary` a screen. */
export function Button({
  variant = "secondary",
  size,
  icon,
  busy = false,
  className,
  children,
  disabled,
  type = "button",
  ...rest
}: ButtonProps) {
  return (
    <button
      type={type}
      className={classNames(buttonClasses(variant, size), className)}
      disabled={disabled === true || busy}
      aria-busy={busy || undefined}
      {...rest}
    >
      {icon}
      <span className={busy ? "animate-breathe" : undefined}>{children}</span>
    </button>
  );
}
