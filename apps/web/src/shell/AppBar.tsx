"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { classNames } from "../design/class-names.ts";
import { ThemeMenu } from "../design/ThemeMenu.tsx";
import { HealthNote } from "./HealthNote.tsx";
import { Mark } from "./Mark.tsx";

const places = [
  { href: "/", label: "Pipelines", isHere: (path: string) => path === "/" || path.startsWith("/pipelines") },
  { href: "/gallery", label: "Gallery", isHere: (path: string) => path.startsWith("/gallery") },
] as const;

export interface AppBarProps {
  /** What the page puts between the navigation and the theme menu; takes the rest of the width. */
  readonly children?: ReactNode;
}

/** The top bar of every screen, 48 px high. */
export function AppBar({ children }: AppBarProps) {
  const path = usePathname();
  return (
    <header className="flex h-(--bar-height) shrink-0 items-center gap-2 border-b border-line bg-surface-1 px-3">
      <Link href="/" aria-label="Millrace, all pipelines" className="flex items-center gap-2 rounded-control px-1 py-1 text-ink">
        <Mark />
        <span className="text-14 font-semibold tracking-tight max-sm:hidden">Millrace</span>
      </Link>
      <nav aria-label="Main" className={classNames("flex items-center gap-1", children !== undefined && "max-lg:hidden")}>
        {places.map(({ href, label, isHere }) => (
          <Link
            key={href}
            href={href}
            aria-current={isHere(path) ? "page" : undefined}
            className="rounded-control px-2 py-1.5 text-13 font-medium text-ink-2 transition-colors duration-(--fast) hover:bg-surface-2 hover:text-ink aria-[current=page]:bg-surface-2 aria-[current=page]:text-ink"
          >
            {label}
          </Link>
        ))}
      </nav>
      <div className="flex min-w-0 flex-1 items-center gap-2">{children}</div>
      <HealthNote />
      <ThemeMenu />
    </header>
  );
}
