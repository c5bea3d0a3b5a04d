import { CircleAlert, CircleDashed, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "../../design/Button.tsx";
import { classNames } from "../../design/class-names.ts";

export type NoticeTone = "error" | "warning" | "info" | "neutral";

const looks = {
  error: { icon: CircleAlert, classes: "bg-danger-soft", ink: "text-danger" },
  warning: { icon: TriangleAlert, classes: "bg-warn-soft", ink: "text-warn" },
  info: { icon: Info, classes: "bg-info-soft", ink: "text-info" },
  neutral: { icon: CircleDashed, classes: "bg-surface-2", ink: "text-ink-3" },
} as const;

export interface NoticeProps {
  readonly tone: NoticeTone;
  readonly children: ReactNode;
  readonly action?: { readonly label: string; readonly onClick: () => void };
}

/** A sentence that stands out in a panel, with at most one thing to do about it. */
export function Notice({ tone, children, action }: NoticeProps) {
  const { icon: Icon, classes, ink } = looks[tone];
  return (
    <div className={classNames("flex items-start gap-2 rounded-control p-2 text-13", classes)}>
      <Icon size={16} aria-hidden className={classNames("mt-px shrink-0", ink)} />
      <p className="min-w-0 flex-1 text-ink">{children}</p>
      {action !== undefined && (
        <Button size="small" className="-my-0.5" onClick={action.onClick}>
          {action.label}
        </Button>
      )}
    </div>
  );
}
