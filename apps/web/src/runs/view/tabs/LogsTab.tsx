"use client";

import { useQuery } from "@tanstack/react-query";
import { Bug, CircleX, Info, type LucideIcon, TriangleAlert } from "lucide-react";
import { useTRPC } from "../../../client/trpc.ts";
import { EmptyState } from "../../../design/EmptyState.tsx";
import { clockWords, utcWords } from "../../../design/format/times.ts";
import type { LogEntry, LogLevel } from "../../../live/live-event.ts";
import { useStreamEntries } from "../use-stream-entries.ts";
import { ListState } from "./ListState.tsx";
import { valueInFull } from "./value-words.ts";

const looks: Record<LogLevel, { readonly word: string; readonly icon: LucideIcon; readonly color: string }> = {
  debug: { word: "Debug", icon: Bug, color: "text-ink-3" },
  info: { word: "Info", icon: Info, color: "text-ink-2" },
  warn: { word: "Warning", icon: TriangleAlert, color: "text-warn" },
  error: { word: "Error", icon: CircleX, color: "text-danger" },
};

/** Fields that the page says already. */
const known = new Set(["deploymentId", "pipelineId"]);

/** What the runtime logs about the deployment, newest first. */
export function LogsTab({ deploymentId }: { readonly deploymentId: string }) {
  const trpc = useTRPC();
  const query = trpc.logs.list.queryOptions({ deploymentId });
  const { data: lines, error } = useQuery(query);
  useStreamEntries(query.queryKey, (event) => (event.kind === "logs" && event.deploymentId === deploymentId ? event.entries : null));
  if (lines === undefined) return <ListState error={error} what="log lines" />;
  if (lines.length === 0) return <EmptyState small title="No log line yet" />;
  return (
    <ol aria-label="Log lines, newest first" className="py-1 font-mono text-12">
      {lines.map((line) => (
        <LogLine key={line.id} line={line} />
      ))}
    </ol>
  );
}

function LogLine({ line }: { readonly line: LogEntry }) {
  const { word, icon: Icon, color } = looks[line.level];
  return (
    <li className="flex items-baseline gap-3 px-4 py-1 hover:bg-surface-2 max-sm:flex-wrap max-sm:gap-x-2">
      <time dateTime={new Date(line.atMs).toISOString()} title={utcWords(line.atMs)} className="figures shrink-0 text-ink-3">
        {clockWords(line.atMs, true)}
      </time>
      <span className={`inline-flex w-20 shrink-0 items-baseline gap-1 ${color}`}>
        <Icon size={12} aria-hidden className="translate-y-0.5" />
        {word}
      </span>
      <span className="min-w-0 break-words text-ink">{line.message}</span>
      <span className="min-w-0 truncate text-ink-3">
        {Object.entries(line.fields)
          .filter(([name]) => !known.has(name))
          .map(([name, value]) => `${name}=${valueInFull(value)}`)
          .join("  ")}
      </span>
    </li>
  );
}
