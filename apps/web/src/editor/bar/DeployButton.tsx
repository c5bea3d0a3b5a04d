"use client";

import { Activity, ChevronDown, CircleStop, Eraser, MessageSquare, Rocket } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button, buttonClasses } from "../../design/Button.tsx";
import { Menu, MenuItem, MenuSeparator } from "../../design/Menu.tsx";
import { Tooltip } from "../../design/Tooltip.tsx";
import { deployRefusal } from "../problems/problem-list.ts";
import { isActive, useDeployment } from "../session/use-deployment.ts";
import { useEditorState, useObservable, useSession } from "../session/use-session.ts";
import { DeployDialog, type DeployQuestion } from "./DeployDialog.tsx";
import { StopDialog } from "./StopDialog.tsx";
import { type DeployOptions, useDeploy } from "./use-deploy.ts";

/** The one filled button, and a menu with the other ways to deploy and to stop. */
export function DeployButton({ runHref }: { readonly runHref: string }) {
  const session = useSession();
  const router = useRouter();
  const deployment = useDeployment();
  const graph = useEditorState((state) => state.document.pipeline);
  const refusal = useObservable(session.checks.report, (report) => deployRefusal(graph, report));
  const { busy, deploy, stop } = useDeploy(session);
  const [asking, setAsking] = useState<DeployQuestion | null>(null);
  const [stopping, setStopping] = useState(false);
  const isRunning = isActive(deployment);
  const go = (options: DeployOptions, sure: boolean): void =>
    void deploy(options, sure).then((outcome) => {
      if (outcome.kind === "asks") setAsking({ startFrom: "latest", rehearsal: outcome.rehearsal });
      else if (outcome.kind === "done") setAsking(null);
    });
  const main = (
    <Button
      variant="primary"
      icon={<Rocket size={14} aria-hidden />}
      className="rounded-e-none"
      aria-disabled={refusal !== null || undefined}
      aria-describedby={refusal === null ? undefined : "deploy-refusal"}
      busy={busy === "deploying"}
      onClick={() =>
        refusal === null ? go({ comment: "", startFrom: "latest" }, false) : session.ui.update((ui) => ({ ...ui, bottom: "problems" }))
      }
    >
      Deploy
    </Button>
  );
  return (
    <div className={`flex ${refusal === null ? "" : "opacity-55"}`}>
      {refusal === null ? main : <Tooltip content={`${refusal} Click to see what is wrong.`}>{main}</Tooltip>}
      {refusal !== null && (
        <span id="deploy-refusal" className="sr-only">
          {refusal}
        </span>
      )}
      <Menu
        trigger={
          <button
            type="button"
            aria-label="More ways to deploy"
            className={`${buttonClasses("primary")} -ms-px rounded-s-none border-s-on-fill/40 px-1.5`}
          >
            <ChevronDown size={14} />
          </button>
        }
      >
        <MenuItem
          icon={<MessageSquare size={14} />}
          disabled={refusal !== null}
          onSelect={() => setAsking({ startFrom: "latest", rehearsal: null })}
        >
          Deploy with a comment…
        </MenuItem>
        <MenuItem
          icon={<Eraser size={14} />}
          disabled={refusal !== null}
          onSelect={() => setAsking({ startFrom: "empty", rehearsal: null })}
        >
          Start empty…
        </MenuItem>
        <MenuSeparator />
        <MenuItem icon={<Activity size={14} />} disabled={deployment === null} onSelect={() => router.push(runHref)}>
          Open the run view
        </MenuItem>
        <MenuItem icon={<CircleStop size={14} />} danger disabled={!isRunning} onSelect={() => setStopping(true)}>
          Stop…
        </MenuItem>
      </Menu>
      <DeployDialog question={asking} busy={busy === "deploying"} onClose={() => setAsking(null)} onDeploy={go} />
      <StopDialog
        open={stopping}
        onOpenChange={setStopping}
        version={deployment?.version ?? null}
        busy={busy === "stopping"}
        onStop={stop}
      />
    </div>
  );
}
