"use client";

import type { DeploymentStatus } from "@millrace/protocol";
import { useSyncExternalStore } from "react";
import { useNow } from "../../design/Time.tsx";
import type { LiveStore } from "../../live/live-store.ts";
import { type ObservedState, observeDeployment } from "../../live/observe-deployment.ts";
import type { DeploymentView } from "../../server/deployments/deployment-view.ts";

export interface Observed {
  readonly state: ObservedState;
  readonly status: DeploymentStatus | null;
}

/** State and status of a deployment: what the page was loaded with, or what the runtime has said since. */
export function useObservedState(deployment: DeploymentView | null, store: LiveStore | null): Observed {
  const heard = useSyncExternalStore(
    (changed) => store?.subscribeStatus(changed) ?? (() => {}),
    () => store?.latestStatus() ?? null,
    () => null,
  );
  const nowMs = useNow(1000);
  if (deployment === null) return { state: "DRAFT", status: null };
  const known = deployment.status;
  const status = heard !== null && (known === null || heard.updatedAtMs >= known.updatedAtMs) ? heard : known;
  if (nowMs === null) return { state: deployment.state, status };
  const state = observeDeployment(deployment, status, nowMs);
  return { state: state === "NO_OWNER" && deployment.state === "UNKNOWN" ? "UNKNOWN" : state, status };
}
