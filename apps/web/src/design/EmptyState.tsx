import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";

export interface EmptyStateProps {
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  /** Inside a panel rather than on a page. */
  readonly small?: boolean;
  /** Level of the heading on a page: 1 unless the page has a title already. */
  readonly level?: 1 | 2;
}

/** Nothing here yet: why, and what to do about it. */
export function EmptyState({ title, children, actions, small = false, level = 1 }: EmptyStateProps) {
  const Title = small ? "p" : (`h${level}` as const);
  return (
    <div className={classNames("flex flex-col items-start gap-2", small ? "p-4" : "max-w-[560px] gap-3 py-12")}>
      <Title className={small ? "text-13 font-medium text-ink" : "text-28 font-semibold tracking-tight"}>{title}</Title>
      {children !== undefined && <div className={small ? "max-w-[60ch] text-13 text-ink-3" : "text-14 text-ink-2"}>{children}</div>}
      {actions !== undefined && <div className="mt-2 flex flex-wrap gap-2">{actions}</div>}
    </div>
  );
}
