import { CircleAlert, type LucideIcon, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";

export interface ProblemNoteProps {
  readonly message: string;
  /** What to do about it. */
  readonly fix?: string | null | undefined;
  /** Stable code, to search for. */
  readonly code?: string | null | undefined;
  readonly severity?: "danger" | "warn";
  readonly actions?: ReactNode;
  readonly className?: string | undefined;
}

const looks: Record<"danger" | "warn", { readonly icon: LucideIcon; readonly tone: string }> = {
  danger: { icon: CircleAlert, tone: "text-danger" },
  warn: { icon: TriangleAlert, tone: "text-warn" },
};

/** What is wrong and what to do about it, in place. */
export function ProblemNote({ message, fix, code, severity = "danger", actions, className }: ProblemNoteProps) {
  const { icon: Icon, tone } = looks[severity];
  return (
    <div role="alert" className={classNames("flex items-start gap-3 rounded-panel border border-line bg-surface-1 p-4", className)}>
      <Icon size={18} aria-hidden className={classNames("mt-px shrink-0", tone)} />
      <div className="min-w-0 flex-1 text-14">
        <p className="font-medium text-ink">{message}</p>
        {fix && <p className="text-ink-2">{fix}</p>}
        {code && <p className="mt-1 font-mono text-12 text-ink-3">{code}</p>}
      </div>
      {actions !== undefined && <div className="flex shrink-0 gap-2">{actions}</div>}
    </div>
  );
}
