"use client";

import type { ReactNode } from "react";
import { ApiProvider } from "../client/ApiProvider.tsx";
import { overlaysId } from "../design/overlay-container.ts";
import { ThemeContext } from "../design/ThemeMenu.tsx";
import { Toaster } from "../design/Toaster.tsx";
import { TooltipProvider } from "../design/Tooltip.tsx";
import type { Theme } from "../design/theme.ts";
import { LiveProvider } from "../live/LiveProvider.tsx";

/** What every page may rely on. */
export function Providers({ theme, children }: { readonly theme: Theme; readonly children: ReactNode }) {
  return (
    <ThemeContext value={theme}>
      <ApiProvider>
        <LiveProvider>
          <TooltipProvider>
            {children}
            <aside id={overlaysId} aria-label="Menus and dialogs" className="empty:hidden" />
            <Toaster />
          </TooltipProvider>
        </LiveProvider>
      </ApiProvider>
    </ThemeContext>
  );
}
