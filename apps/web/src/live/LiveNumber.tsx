"use client";

import type { MetricsFrame, NodeMetrics } from "@millrace/protocol";
import { useEffect, useRef } from "react";
import { classNames } from "../design/class-names.ts";
import type { LiveStore } from "./live-store.ts";

export interface LiveNumberProps {
  readonly store: LiveStore | null;
  /** The text for a frame; kept stable or cheap to change. */
  readonly read: (frame: MetricsFrame) => string;
  /** Shown before the first frame. */
  readonly placeholder?: string;
  readonly className?: string;
}

/** A number of a whole deployment. The text is written through a ref: React does not render when it changes. */
export function LiveNumber({ store, read, placeholder = "–", className }: LiveNumberProps) {
  const element = useRef<HTMLSpanElement>(null);
  const newest = useRef(read);
  useEffect(() => {
    newest.current = read;
    const frame = store?.latestFrame() ?? null;
    if (frame !== null) write(element.current, read(frame));
  });
  useEffect(() => {
    if (store?.latestFrame() === null) write(element.current, placeholder);
    return store?.subscribeFrame((frame) => write(element.current, newest.current(frame)));
  }, [store, placeholder]);
  return (
    <span ref={element} className={classNames("figures", className)}>
      {placeholder}
    </span>
  );
}

export interface LiveNodeNumberProps {
  readonly store: LiveStore | null;
  readonly slug: string;
  readonly read: (metrics: NodeMetrics, frame: MetricsFrame) => string;
  readonly placeholder?: string;
  readonly className?: string;
}

/** A number of one node, written as `LiveNumber` writes. */
export function LiveNodeNumber({ store, slug, read, placeholder = "–", className }: LiveNodeNumberProps) {
  const element = useRef<HTMLSpanElement>(null);
  const newest = useRef(read);
  useEffect(() => {
    newest.current = read;
  });
  useEffect(() => {
    if (store?.latestFrame()?.nodes[slug] === undefined) write(element.current, placeholder);
    return store?.subscribeNode(slug, (metrics, frame) => write(element.current, newest.current(metrics, frame)));
  }, [store, slug, placeholder]);
  return (
    <span ref={element} className={classNames("figures", className)}>
      {placeholder}
    </span>
  );
}

function write(element: HTMLElement | null, text: string): void {
  if (element !== null && element.textContent !== text) element.textContent = text;
}
