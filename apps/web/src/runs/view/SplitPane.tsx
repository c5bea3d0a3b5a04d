"use client";

import { type CSSProperties, type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useRef, useState } from "react";

import { useMediaQuery } from "../../design/use-media-query.ts";

export interface SplitPaneProps {
  /** Under which name the size is remembered on this machine. */
  readonly name: string;
  readonly top: ReactNode;
  readonly bottom: ReactNode;
}

const defaultHeight = 320;
const minHeight = 120;
/** What always stays for the top. */
const topRoom = 160;
const keyStep = 24;

/** Two panes, one above the other; the border between them is dragged or moved by the arrow keys. On a narrow screen they follow each other, the lower one first: what came out matters more there than the drawing. */
export function SplitPane({ name, top, bottom }: SplitPaneProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(defaultHeight);
  const isNarrow = useMediaQuery("(max-width: 767px)");
  const storageKey = `millrace:split:${name}`;

  useEffect(() => {
    const stored = Number(localStorage.getItem(storageKey));
    if (stored >= minHeight) setHeight(stored);
  }, [storageKey]);

  function resize(next: number): void {
    const room = (frame.current?.clientHeight ?? 0) - topRoom;
    const clamped = Math.round(Math.max(minHeight, Math.min(next, room)));
    setHeight(clamped);
    localStorage.setItem(storageKey, String(clamped));
  }

  function drag(event: PointerEvent<HTMLDivElement>): void {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const bounds = frame.current?.getBoundingClientRect();
    if (bounds !== undefined) resize(bounds.bottom - event.clientY);
  }

  function press(event: KeyboardEvent): void {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    resize(height + (event.key === "ArrowUp" ? keyStep : -keyStep));
  }

  const lower = (
    <div
      key="lower"
      style={{ "--pane-height": `${height}px` } as CSSProperties}
      className="h-(--pane-height) min-h-0 shrink-0 bg-surface-1 max-md:h-[56dvh] max-md:border-b max-md:border-line"
    >
      {bottom}
    </div>
  );
  return (
    <div ref={frame} className="flex min-h-0 flex-1 flex-col">
      {isNarrow && lower}
      <div key="upper" className="min-h-0 flex-1">
        {top}
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a separator that can be moved is no <hr> */}
      <div
        role="separator"
        aria-orientation="horizontal"
        aria-label="Height of the lower pane"
        aria-valuenow={height}
        aria-valuemin={minHeight}
        tabIndex={0}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={drag}
        onKeyDown={press}
        className="relative z-10 h-px shrink-0 cursor-row-resize touch-none bg-line before:absolute before:inset-x-0 before:-inset-y-1 hover:bg-accent focus-visible:outline-offset-0 max-md:hidden"
      />
      {!isNarrow && lower}
    </div>
  );
}
