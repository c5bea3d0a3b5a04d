"use client";

import { Pause } from "lucide-react";
import { Chip } from "../../design/Chip.tsx";
import { durationWords } from "../../design/format/durations.ts";
import { useNow } from "../../design/Time.tsx";
import type { LiveStore } from "../../live/live-store.ts";
import type { ObservedState } from "../../live/observe-deployment.ts";

export interface StillNoteProps {
  readonly store: LiveStore | null;
  readonly state: ObservedState;
}

/** Frames come four times a second; a pause of this length means that something is in their way, ms. */
const stillMs = 4000;

/** Says that the numbers on the page are old, for how long; nothing while they move or have no reason to. */
export function StillNote({ store, state }: StillNoteProps) {
  const nowMs = useNow(1000);
  const receivedAtMs = store?.receivedAtMs() ?? null;
  if (nowMs === null || receivedAtMs === null || nowMs - receivedAtMs < stillMs) return null;
  if (state !== "RUNNING" && state !== "DEGRADED" && state !== "UNKNOWN") return null;
  return (
    <span title="No number has arrived for this long. What is shown is the last that was heard." className="max-sm:hidden">
      <Chip tone="warn" icon={<Pause size={12} aria-hidden />}>
        Numbers stand still for {durationWords(nowMs - receivedAtMs)}
      </Chip>
    </span>
  );
}
