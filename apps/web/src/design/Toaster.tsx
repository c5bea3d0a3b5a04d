"use client";

import { CircleCheck, CircleX, Info, TriangleAlert } from "lucide-react";
import { Toaster as Sonner } from "sonner";

export { toast } from "sonner";

/** Shows what happened, for a few seconds, at the bottom right. Stands once in the shell. */
export function Toaster() {
  return (
    <Sonner
      position="bottom-right"
      gap={8}
      visibleToasts={4}
      icons={{
        success: <CircleCheck size={16} className="text-ok" />,
        error: <CircleX size={16} className="text-danger" />,
        warning: <TriangleAlert size={16} className="text-warn" />,
        info: <Info size={16} className="text-info" />,
      }}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast: "flex w-(--width) items-start gap-2 rounded-panel border border-line bg-surface-1 p-3 text-13 text-ink shadow-float",
          title: "font-medium",
          description: "text-12 text-ink-2",
          icon: "mt-px flex shrink-0",
          content: "flex min-w-0 flex-1 flex-col gap-0.5",
          actionButton: "h-7 shrink-0 rounded-control border border-line-strong px-2 text-12 font-medium",
        },
      }}
    />
  );
}
