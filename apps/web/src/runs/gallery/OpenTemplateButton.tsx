"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { problemOf } from "../../client/problem-of.ts";
import { useTRPC } from "../../client/trpc.ts";
import { Button } from "../../design/Button.tsx";
import { toast } from "../../design/Toaster.tsx";
import { type DataChoice, isComplete } from "./data-choice.ts";
import type { GalleryTemplate } from "./template.ts";

export interface OpenTemplateButtonProps {
  readonly template: GalleryTemplate;
  /** Absent: simulated. */
  readonly choice?: DataChoice;
  readonly variant: "primary" | "secondary";
}

/** Makes a pipeline of the template and opens it in the editor. */
export function OpenTemplateButton({ template, choice = { kind: "simulated" }, variant }: OpenTemplateButtonProps) {
  const trpc = useTRPC();
  const router = useRouter();
  const queries = useQueryClient();
  const create = useMutation(
    trpc.pipelines.createFromTemplate.mutationOptions({
      onSuccess: async ({ id }) => {
        await queries.invalidateQueries({ queryKey: trpc.pipelines.list.queryKey() });
        router.push(`/pipelines/${id}`);
      },
      onError: (error) => {
        const { message, fix } = problemOf(error);
        toast.error("It was not opened", { description: `${message} ${fix ?? ""}`.trim() });
      },
    }),
  );
  return (
    <Button
      variant={variant}
      busy={create.isPending}
      aria-label={`Open ${template.title}`}
      disabled={!isComplete(choice)}
      onClick={() => create.mutate({ templateId: template.id, ...kafkaOf(choice) })}
    >
      Open
    </Button>
  );
}

function kafkaOf(choice: DataChoice) {
  if (choice.kind === "simulated") return {};
  const { connection, topics } = choice;
  return { kafka: { connection, topics } };
}
