"use client";

import { useState } from "react";
import { changesState, type StateRehearsal } from "../../deploying/state-change.ts";
import { toast } from "../../design/Toaster.tsx";
import type { EditorSession } from "../session/editor-session.ts";

/** How a deployment went: `asks` when it would lose or change state and nobody has said yet that it may. */
export type DeployOutcome = { readonly kind: "done" | "failed" } | { readonly kind: "asks"; readonly rehearsal: StateRehearsal };

export interface DeployOptions {
  readonly comment: string;
  readonly startFrom: "latest" | "empty";
}

/** Deploying and stopping, with what the person hears of it. */
export function useDeploy(session: EditorSession) {
  const [busy, setBusy] = useState<"deploying" | "stopping" | null>(null);

  /** `sure`: a person knows what becomes of the state. */
  async function deploy(options: DeployOptions, sure: boolean): Promise<DeployOutcome> {
    setBusy("deploying");
    try {
      const saved = await session.autosave.flush();
      if (saved.kind !== "saved") {
        toast.error("Not deployed: the latest changes are not saved yet", { description: "See the line below the bar." });
        return { kind: "failed" };
      }
      const rehearsal = sure || session.deployment.get() === null ? null : await session.backend.rehearse();
      if (rehearsal !== null && changesState(rehearsal)) return { kind: "asks", rehearsal };
      const outcome = await session.backend.deploy(options);
      if (!outcome.ok) {
        toast.error("Not deployed", { description: outcome.message });
        return { kind: "failed" };
      }
      const version = session.deployment.get()?.version;
      toast.success(version === undefined ? "Deployed" : `Deployed as version ${version}`, {
        description: "Live numbers appear on the canvas in a moment.",
      });
      return { kind: "done" };
    } finally {
      setBusy(null);
    }
  }

  async function stop(): Promise<void> {
    setBusy("stopping");
    try {
      const outcome = await session.backend.stop();
      if (outcome.ok) toast.success("Stopping", { description: "It takes a last checkpoint; the next deployment goes on from there." });
      else toast.error("Not stopped", { description: outcome.message });
    } finally {
      setBusy(null);
    }
  }

  return { busy, deploy, stop };
}
