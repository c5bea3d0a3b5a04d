"use client";

import { Activity, CircleStop } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { Button, buttonClasses } from "../../design/Button.tsx";
import { StateChip } from "../../design/StateChip.tsx";
import { isActive, useDeployment } from "../session/use-deployment.ts";
import { useEditorState, useSession } from "../session/use-session.ts";
import { StopDialog } from "./StopDialog.tsx";
import { useDeploy } from "./use-deploy.ts";

/** The bar on a phone, where one watches and stops. */
export function PhoneBar() {
  const name = useEditorState((state) => state.document.pipeline.name);
  return <h1 className="min-w-0 flex-1 truncate text-13 font-semibold">{name}</h1>;
}

/** State and actions, at the lower edge where the thumb is. */
export function PhoneActions({ runHref }: { readonly runHref: string }) {
  const session = useSession();
  const deployment = useDeployment();
  const { busy, stop } = useDeploy(session);
  const [stopping, setStopping] = useState(false);
  return (
    <footer className="flex min-h-14 shrink-0 items-center gap-2 border-t border-line bg-surface-1 px-4 py-2">
      <StateChip state={deployment?.state ?? "DRAFT"} />
      <span className="text-12 text-ink-3">
        {deployment === null ? "Open it on a larger screen to edit it." : `version ${deployment.version}`}
      </span>
      {deployment !== null && (
        <div className="ms-auto flex gap-2">
          <Link href={runHref} className={buttonClasses("secondary")}>
            <Activity size={14} aria-hidden />
            Watch
          </Link>
          <Button icon={<CircleStop size={14} aria-hidden />} disabled={!isActive(deployment)} onClick={() => setStopping(true)}>
            Stop
          </Button>
        </div>
      )}
      <StopDialog
        open={stopping}
        onOpenChange={setStopping}
        version={deployment?.version ?? null}
        busy={busy === "stopping"}
        onStop={stop}
      />
    </footer>
  );
}
