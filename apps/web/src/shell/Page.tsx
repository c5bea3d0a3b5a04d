import type { ReactNode } from "react";
import { AppBar } from "./AppBar.tsx";

export interface PageProps {
  readonly title: string;
  /** One sentence under the title. */
  readonly lead?: string;
  /** Buttons at the right of the title. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A page that scrolls: bar, title, content. */
export function Page({ title, lead, actions, children }: PageProps) {
  return (
    <div className="flex min-h-dvh flex-col">
      <AppBar />
      <main id="main" tabIndex={-1} className="mx-auto flex w-full max-w-[1280px] flex-1 flex-col gap-6 px-6 py-6 outline-none max-sm:px-4">
        <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
          <div>
            <h1 className="text-20 font-semibold tracking-tight">{title}</h1>
            {lead !== undefined && <p className="mt-1 max-w-[68ch] text-14 text-ink-2">{lead}</p>}
          </div>
          {actions !== undefined && <div className="flex flex-wrap gap-2">{actions}</div>}
        </div>
        {children}
      </main>
    </div>
  );
}
