"use client";

import { useQuery } from "@tanstack/react-query";
import { Check, CircleAlert, Minus, Plus, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { problemOf } from "../../client/problem-of.ts";
import { useTRPC } from "../../client/trpc.ts";
import { bytesWords, countWords, plural } from "../../design/format/numbers.ts";
import { Skeleton } from "../../design/Skeleton.tsx";

export interface StateChangesProps {
  readonly pipelineId: string;
  readonly version: number | undefined;
  /** Start from this savepoint; null = the newest checkpoint. */
  readonly savepoint: number | null;
}

type Verdict = "kept" | "new" | "discarded" | "removed" | "unreadable";

const verdicts: Readonly<Record<Verdict, { readonly word: string; readonly icon: ReactNode }>> = {
  kept: { word: "Kept", icon: <Check size={14} className="text-ok" aria-hidden /> },
  new: { word: "Starts empty", icon: <Plus size={14} className="text-ink-3" aria-hidden /> },
  discarded: { word: "Discarded", icon: <TriangleAlert size={14} className="text-warn" aria-hidden /> },
  removed: { word: "Removed", icon: <Minus size={14} className="text-warn" aria-hidden /> },
  unreadable: { word: "Damaged", icon: <CircleAlert size={14} className="text-danger" aria-hidden /> },
};

/** What a deployment would keep of the state, node by node: a runtime has tried it. */
export function StateChanges({ pipelineId, version, savepoint }: StateChangesProps) {
  const trpc = useTRPC();
  const input = { pipelineId, ...(version === undefined ? {} : { version }), ...(savepoint === null ? {} : { savepoint }) };
  const rehearsal = useQuery(trpc.deployments.rehearse.queryOptions(input, { retry: false, staleTime: 0, gcTime: 0 }));
  if (rehearsal.isPending) return <Skeleton className="h-16 w-full" />;
  if (rehearsal.isError) {
    return <p className="text-12 text-ink-2">What is kept could not be tried beforehand: {problemOf(rehearsal.error).message}</p>;
  }
  const { checkpoint, changes } = rehearsal.data;
  if (checkpoint === 0) return <p className="text-12 text-ink-2">There is no checkpoint yet: it begins with empty state.</p>;
  return (
    <section aria-label="What becomes of the state">
      <h3 className="pb-1.5 text-12 font-medium text-ink-2">State from checkpoint {countWords(checkpoint)}</h3>
      <ul className="max-h-48 overflow-y-auto rounded-control border border-line">
        {changes.map(({ step, node, verdict, reason, stateKeys, stateBytes }) => (
          <li
            key={step}
            className="grid grid-cols-[16px_1fr_auto] items-start gap-x-2 border-b border-line px-2 py-1.5 text-13 last:border-b-0"
          >
            <span className="pt-0.5">{verdicts[verdict].icon}</span>
            <span className="min-w-0">
              <span className="block truncate font-mono text-12">{node}</span>
              {reason !== null && verdict !== "new" && <span className="block text-12 text-ink-2">{reason}</span>}
            </span>
            <span className="text-12 text-ink-2">
              {verdicts[verdict].word}
              {stateKeys > 0 && (
                <span className="figures">
                  {" "}
                  · {countWords(stateKeys)} {plural(stateKeys, "key")}, {bytesWords(stateBytes)}
                </span>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
