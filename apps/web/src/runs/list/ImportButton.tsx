"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type ReactNode, useRef, useState } from "react";
import { problemOf } from "../../client/problem-of.ts";
import { useTRPC } from "../../client/trpc.ts";
import { Button } from "../../design/Button.tsx";
import { plural } from "../../design/format/numbers.ts";
import { toast } from "../../design/Toaster.tsx";
import type { ProblemShape } from "../../server/errors/problem.ts";
import { ImportProblemDialog } from "./ImportProblemDialog.tsx";

/** Longest file that is read, bytes: what a pipeline may have. */
const limitBytes = 2 << 20;

/** Makes a pipeline of an exported file. */
export function ImportButton({ icon }: { readonly icon: ReactNode }) {
  const trpc = useTRPC();
  const router = useRouter();
  const queries = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<ProblemShape | null>(null);
  const importPipeline = useMutation(
    trpc.pipelines.import.mutationOptions({
      onSuccess: async ({ id, name, warnings }) => {
        await queries.invalidateQueries({ queryKey: trpc.pipelines.list.queryKey() });
        if (warnings.length === 0) toast.success(`${name} was imported`);
        else
          toast.warning(`${name} was imported with ${plural(warnings.length, "remark")}`, {
            description: warnings[0]?.message,
            duration: 10_000,
          });
        router.push(`/pipelines/${id}`);
      },
      onError: (error) => setProblem(problemOf(error)),
    }),
  );

  async function read(file: File): Promise<void> {
    if (file.size > limitBytes) setProblem(tooLong(file));
    else importPipeline.mutate({ text: await file.text() });
  }

  return (
    <>
      <Button icon={icon} busy={importPipeline.isPending} onClick={() => input.current?.click()}>
        Import
      </Button>
      <input
        ref={input}
        type="file"
        accept=".json,application/json"
        className="hidden"
        aria-hidden
        tabIndex={-1}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (file !== undefined) void read(file);
        }}
      />
      <ImportProblemDialog problem={problem} onClose={() => setProblem(null)} />
    </>
  );
}

function tooLong(file: File): ProblemShape {
  return {
    code: "TOO_LARGE",
    message: `${file.name} has ${file.size} bytes; a pipeline may have ${limitBytes} bytes.`,
    fix: "Choose a file that Millrace exported.",
    path: null,
    httpStatus: 413,
    diagnostics: [],
    details: {},
  };
}
