"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Download, RotateCw } from "lucide-react";
import { problemOf } from "../../../client/problem-of.ts";
import { useTRPC } from "../../../client/trpc.ts";
import { Button } from "../../../design/Button.tsx";
import { plural } from "../../../design/format/numbers.ts";
import { toast } from "../../../design/Toaster.tsx";
import type { DeadLetter } from "../../../live/live-event.ts";
import { deadLetterCsv } from "./dead-letter-file.ts";

/** Dead letters keep so much of a record; a longer one was cut, and cannot be sent back. */
const keptCharacters = 4096;

export interface DeadLetterActionsProps {
  readonly pipelineId: string;
  readonly letters: readonly DeadLetter[];
  /** Only sources read a record again. */
  readonly isSource: (slug: string) => boolean;
}

/** Takes the dead letters away: into a file, or back to the sources that gave up on them. */
export function DeadLetterActions({ pipelineId, letters, isSource }: DeadLetterActionsProps) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const replay = useMutation(
    trpc.deadLetters.replay.mutationOptions({
      onSuccess: async ({ replayed }) => {
        toast.success(`${plural(replayed, "record")} sent back`, { description: "What still cannot be read comes back here." });
        await queries.invalidateQueries({ queryKey: trpc.deadLetters.list.queryKey({ pipelineId }) });
      },
      onError: (error) => void toast.error("Not sent back", { description: problemOf(error).message }),
    }),
  );
  const sendable = letters.filter(({ node, raw }) => isSource(node) && raw !== "" && raw.length < keptCharacters);
  return (
    <div className="flex shrink-0 items-center gap-2 border-b border-line px-4 py-2">
      <Button
        size="small"
        icon={<RotateCw size={14} aria-hidden />}
        disabled={sendable.length === 0}
        busy={replay.isPending}
        onClick={() => replay.mutate({ pipelineId, ids: sendable.map(({ id }) => id) })}
      >
        Send {plural(sendable.length, "record")} back
      </Button>
      <Button
        size="small"
        icon={<Download size={14} aria-hidden />}
        onClick={() => download(deadLetterCsv(letters), `${pipelineId}-dead-letters.csv`)}
      >
        Export as CSV
      </Button>
    </div>
  );
}

function download(text: string, name: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
