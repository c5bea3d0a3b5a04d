"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Activity, CircleStop, Copy, Download, Ellipsis, PencilLine, Trash2, Waypoints } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { problemOf } from "../../client/problem-of.ts";
import { useTRPC } from "../../client/trpc.ts";
import { IconButton } from "../../design/IconButton.tsx";
import { Menu, MenuItem, MenuSeparator } from "../../design/Menu.tsx";
import { toast } from "../../design/Toaster.tsx";
import { useExport } from "../use-export.ts";
import { StopDialog } from "../view/StopDialog.tsx";
import { DeleteDialog } from "./DeleteDialog.tsx";
import { isAtWork, type PipelineRow } from "./pipeline-row.ts";
import { RenameDialog } from "./RenameDialog.tsx";

type OpenDialog = "rename" | "delete" | "stop" | null;

/** What can be done with one pipeline of the list. */
export function PipelineMenu({ row }: { readonly row: PipelineRow }) {
  const trpc = useTRPC();
  const router = useRouter();
  const queries = useQueryClient();
  const [dialog, setDialog] = useState<OpenDialog>(null);
  const exportPipeline = useExport();
  const duplicate = useMutation(
    trpc.pipelines.duplicate.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: trpc.pipelines.list.queryKey() }),
      onError: (error) => toast.error("It was not duplicated", { description: problemOf(error).message }),
    }),
  );
  const close = (open: boolean): void => {
    if (!open) setDialog(null);
  };
  const running = row.deployment !== null && isAtWork(row.deployment) ? row.deployment : null;
  return (
    <>
      <Menu trigger={<IconButton label={`More for ${row.name}`} icon={<Ellipsis size={16} />} size="small" tooltipSide="left" />}>
        <MenuItem icon={<Waypoints size={14} />} onSelect={() => router.push(`/pipelines/${row.id}`)}>
          Open in the editor
        </MenuItem>
        {row.deployment !== null && (
          <MenuItem icon={<Activity size={14} />} onSelect={() => router.push(`/pipelines/${row.id}/run`)}>
            Watch the run
          </MenuItem>
        )}
        <MenuSeparator />
        <MenuItem icon={<PencilLine size={14} />} onSelect={() => setDialog("rename")}>
          Rename
        </MenuItem>
        <MenuItem icon={<Copy size={14} />} disabled={row.unreadable !== null} onSelect={() => duplicate.mutate({ id: row.id })}>
          Duplicate
        </MenuItem>
        <MenuItem icon={<Download size={14} />} onSelect={() => exportPipeline(row.id)}>
          {row.unreadable === null ? "Export" : "Export the raw text"}
        </MenuItem>
        <MenuSeparator />
        {running !== null && (
          <MenuItem icon={<CircleStop size={14} />} onSelect={() => setDialog("stop")}>
            Stop
          </MenuItem>
        )}
        <MenuItem
          icon={<Trash2 size={14} />}
          danger
          disabled={running !== null}
          hint={running === null ? undefined : "stop it first"}
          onSelect={() => setDialog("delete")}
        >
          Delete
        </MenuItem>
      </Menu>
      <RenameDialog row={row} open={dialog === "rename"} onOpenChange={close} />
      <DeleteDialog row={row} open={dialog === "delete"} onOpenChange={close} />
      {running !== null && <StopDialog name={row.name} deploymentId={running.id} open={dialog === "stop"} onOpenChange={close} />}
    </>
  );
}
