"use client";

import { CircleDashed, PencilLine } from "lucide-react";
import { Chip } from "../../design/Chip.tsx";
import { plural } from "../../design/format/numbers.ts";
import { stateLooks } from "../../design/StateChip.tsx";
import { Tooltip } from "../../design/Tooltip.tsx";
import { isActive, useChanges, useDeployment } from "../session/use-deployment.ts";

/** Where the pipeline stands: never deployed, running a version, or changed since. */
export function StatusChip() {
  const deployment = useDeployment();
  const changes = useChanges();
  if (deployment === null) {
    return <Chip icon={<CircleDashed size={13} aria-hidden />}>Draft, never deployed</Chip>;
  }
  const { word, tone, icon: Icon, meaning } = stateLooks[deployment.state];
  const why = deployment.problem === null ? meaning : `${deployment.problem.code}: ${deployment.problem.message}`;
  return (
    <div className="flex min-w-0 items-center gap-2">
      <Tooltip content={why}>
        <span className="inline-flex" tabIndex={deployment.problem === null ? undefined : 0}>
          <Chip tone={tone} icon={<Icon size={13} aria-hidden />}>
            {isActive(deployment) ? `${word} version ${deployment.version}` : `Version ${deployment.version} ${word.toLowerCase()}`}
          </Chip>
        </span>
      </Tooltip>
      {changes !== null && changes.count > 0 && (
        <Chip icon={<PencilLine size={13} aria-hidden />} className="max-xl:hidden">
          Draft, {plural(changes.count, "change")} since deploy {deployment.version}
        </Chip>
      )}
    </div>
  );
}
