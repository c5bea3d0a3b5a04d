import type { DeploymentState } from "@millrace/protocol";
import {
  CircleCheck,
  CircleDashed,
  CircleDot,
  CircleQuestionMark,
  CircleStop,
  CircleX,
  type LucideIcon,
  RotateCw,
  TriangleAlert,
  Unplug,
  Upload,
} from "lucide-react";
import { Chip, type Tone } from "./Chip.tsx";

/** What a pipeline can be seen to be in: the runtime's states, never deployed, saved text that cannot be read, no owner, and no way to know. */
export type PipelineState = DeploymentState | "DRAFT" | "UNREADABLE" | "NO_OWNER" | "UNKNOWN";

interface StateLook {
  readonly word: string;
  readonly tone: Tone;
  readonly icon: LucideIcon;
  readonly meaning: string;
}

/** Word, icon and colour of every state, and what it means in a sentence. */
export const stateLooks: Record<PipelineState, StateLook> = {
  DRAFT: { word: "Draft", tone: "neutral", icon: CircleDashed, meaning: "Never deployed." },
  DEPLOYING: { word: "Deploying", tone: "info", icon: Upload, meaning: "Waiting for a runtime to take it, or starting there." },
  RUNNING: { word: "Running", tone: "ok", icon: CircleDot, meaning: "Reading its sources and delivering to its sinks." },
  DEGRADED: { word: "Degraded", tone: "warn", icon: TriangleAlert, meaning: "Running, but a sink cannot be written for now." },
  RESTARTING: { word: "Restarting", tone: "warn", icon: RotateCw, meaning: "It failed and starts again from its newest checkpoint." },
  FAILED: { word: "Failed", tone: "danger", icon: CircleX, meaning: "It does not run, and a restart would not help." },
  STOPPING: { word: "Stopping", tone: "info", icon: CircleStop, meaning: "Taking a last checkpoint." },
  STOPPED: { word: "Stopped", tone: "neutral", icon: CircleStop, meaning: "Stopped by a person; its checkpoint is kept." },
  FINISHED: { word: "Finished", tone: "ok", icon: CircleCheck, meaning: "All of its input was read and delivered." },
  UNREADABLE: { word: "Unreadable", tone: "danger", icon: TriangleAlert, meaning: "The saved text is not a pipeline." },
  UNKNOWN: { word: "Unknown", tone: "neutral", icon: CircleQuestionMark, meaning: "Redis cannot be reached, so nobody can say." },
  NO_OWNER: { word: "No runtime", tone: "danger", icon: Unplug, meaning: "No runtime has reported on it for 15 s." },
};

/** The state of a pipeline: icon and word. */
export function StateChip({ state }: { readonly state: PipelineState }) {
  const { word, tone, icon: Icon, meaning } = stateLooks[state];
  return (
    <span title={meaning} className="inline-flex">
      <Chip tone={tone} icon={<Icon size={13} aria-hidden />}>
        {word}
      </Chip>
    </span>
  );
}
