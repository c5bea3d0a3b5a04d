"use client";

import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useTRPC } from "../../../client/trpc.ts";
import { Button } from "../../../design/Button.tsx";
import { plural } from "../../../design/format/numbers.ts";
import type { SampledNode } from "../fields/field-props.ts";
import { Notice } from "../Notice.tsx";

/** Takes the newest records of a source, which a runtime reads; says so when there are none, or why it cannot. */
export function TakeSample({ sampled, onSample }: { readonly sampled: SampledNode; readonly onSample: (text: string) => void }) {
  const trpc = useTRPC();
  const taking = useMutation(trpc.connections.sample.mutationOptions({ onSuccess: ({ lines }) => onSample(lines.join("\n")) }));
  const { data } = taking;
  return (
    <div className="flex flex-col items-start gap-2">
      <Button icon={<Download size={14} />} disabled={taking.isPending} onClick={() => taking.mutate(sampled)}>
        {taking.isPending ? "Reading …" : "Take the newest records"}
      </Button>
      {taking.error !== null && <Notice tone="error">{taking.error.message}</Notice>}
      {data !== undefined && data.lines.length === 0 && (
        <Notice tone="neutral">The source has no records that can be read just now. {data.problems[0]}</Notice>
      )}
      {data !== undefined && data.lines.length > 0 && data.problems.length > 0 && (
        <Notice tone="warning">
          {plural(data.lines.length, "record")} taken; others cannot be read: {data.problems[0]}
        </Notice>
      )}
    </div>
  );
}
