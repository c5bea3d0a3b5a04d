"use client";

import { useQuery } from "@tanstack/react-query";
import { Unplug } from "lucide-react";
import { problemOf } from "../client/problem-of.ts";
import { useTRPC } from "../client/trpc.ts";
import { Chip } from "../design/Chip.tsx";
import { Tooltip } from "../design/Tooltip.tsx";

/** Says what is missing for pipelines to run; nothing when all is there. */
export function HealthNote() {
  const trpc = useTRPC();
  const { data, error } = useQuery(trpc.system.health.queryOptions(undefined, { refetchInterval: 10_000 }));
  const note = error !== null ? noteOfError(error) : data === undefined ? null : noteOf(data);
  if (note === null) return null;
  return (
    <Tooltip content={note.meaning} align="end">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the tooltip must be reachable by keyboard */}
      <span role="status" tabIndex={0} className="rounded-full">
        <Chip tone={note.tone} icon={<Unplug size={13} aria-hidden />}>
          {note.word}
        </Chip>
      </span>
    </Tooltip>
  );
}

interface Note {
  readonly word: string;
  readonly tone: "warn" | "danger";
  readonly meaning: string;
}

function noteOf(health: {
  readonly database: "up" | "down";
  readonly redis: "up" | "down";
  readonly runtimes: readonly unknown[];
}): Note | null {
  if (health.database === "down")
    return { word: "No database", tone: "danger", meaning: "PostgreSQL cannot be reached: pipelines cannot be listed or saved." };
  if (health.redis === "down")
    return { word: "No Redis", tone: "danger", meaning: "Redis cannot be reached: nothing can be deployed, and live numbers stand still." };
  if (health.runtimes.length === 0)
    return { word: "No runtime", tone: "warn", meaning: "No runtime is alive: what is deployed waits for one." };
  return null;
}

function noteOfError(error: unknown): Note {
  const { message, fix } = problemOf(error);
  return { word: "No server", tone: "danger", meaning: `${message} ${fix ?? ""}`.trim() };
}
