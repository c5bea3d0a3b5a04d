"use client";

import { problemOf } from "../client/problem-of.ts";
import { useTRPCClient } from "../client/trpc.ts";
import { toast } from "../design/Toaster.tsx";

/** Saves the draft of a pipeline as a file on the viewer's machine. */
export function useExport(): (id: string) => Promise<void> {
  const client = useTRPCClient();
  return async (id) => {
    try {
      const { fileName, text, raw } = await client.pipelines.export.query({ id });
      saveFile(fileName, text, raw ? "text/plain" : "application/json");
    } catch (error) {
      toast.error("It was not exported", { description: problemOf(error).message });
    }
  };
}

function saveFile(name: string, text: string, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
