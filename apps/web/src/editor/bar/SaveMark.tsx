"use client";

import { useObservable, useSession } from "../session/use-session.ts";

const words = {
  saved: "Saved",
  unsaved: "Saving…",
  saving: "Saving…",
  conflict: "Not saved",
  offline: "Not saved",
  refused: "Not saved",
} as const;

/** Whether the draft is saved, in a word that keeps its place. */
export function SaveMark() {
  const { kind } = useObservable(useSession().saving);
  const isLost = kind === "conflict" || kind === "offline" || kind === "refused";
  return (
    <span role="status" className={`min-w-16 text-12 max-md:hidden ${isLost ? "text-warn" : "text-ink-3"}`}>
      {words[kind]}
    </span>
  );
}
