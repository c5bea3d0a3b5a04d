"use client";

import { ChevronRight, CircleStop, RotateCw, Waypoints } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { Button, buttonClasses } from "../../design/Button.tsx";
import { StateChip } from "../../design/StateChip.tsx";
import type { LiveStore } from "../../live/live-store.ts";
import type { ObservedState } from "../../live/observe-deployment.ts";
import { AppBar } from "../../shell/AppBar.tsx";
import { DeployDialog } from "./DeployDialog.tsx";
import type { RunDeployment, RunPipeline } from "./run-data.ts";
import { StillNote } from "./StillNote.tsx";
import { StopDialog } from "./StopDialog.tsx";

export interface RunBarProps {
  readonly pipeline: RunPipeline;
  readonly deployment: RunDeployment;
  readonly state: ObservedState;
  readonly store: LiveStore | null;
}

/** The top bar of the run view: which pipeline, in what state, and stop, redeploy, edit. */
export function RunBar({ pipeline, deployment, state, store }: RunBarProps) {
  const [dialog, setDialog] = useState<"stop" | "deploy" | null>(null);
  const close = (open: boolean): void => {
    if (!open) setDialog(null);
  };
  const isWanted = deployment.desired === "RUNNING" && state !== "FAILED" && state !== "FINISHED";
  return (
    <AppBar>
      <div className="flex min-w-0 items-center gap-1 text-13">
        <ChevronRight size={14} aria-hidden className="shrink-0 text-ink-3" />
        <h1 className="truncate px-1 text-13 font-semibold">{pipeline.name}</h1>
      </div>
      <StateChip state={state} />
      <StillNote store={store} state={state} />
      <div className="ms-auto flex shrink-0 items-center gap-2">
        <Link href={`/pipelines/${pipeline.id}`} className={`${buttonClasses("quiet")} max-md:hidden`}>
          <Waypoints size={14} aria-hidden />
          Edit
        </Link>
        <Button icon={<RotateCw size={14} aria-hidden />} onClick={() => setDialog("deploy")} className="max-md:hidden">
          Redeploy
        </Button>
        <Button icon={<CircleStop size={14} aria-hidden />} disabled={!isWanted} onClick={() => setDialog("stop")}>
          Stop
        </Button>
      </div>
      <StopDialog name={pipeline.name} deploymentId={deployment.id} open={dialog === "stop"} onOpenChange={close} />
      <DeployDialog pipelineId={pipeline.id} name={pipeline.name} open={dialog === "deploy"} onOpenChange={close} />
    </AppBar>
  );
}
