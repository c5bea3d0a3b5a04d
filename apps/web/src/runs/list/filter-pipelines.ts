import type { PipelineState } from "../../design/StateChip.tsx";
import { type PipelineRow, rowState } from "./pipeline-row.ts";

export type StateFilter = "all" | "running" | "trouble" | "stopped" | "draft";

/** Choices of the state filter. */
export const stateFilters: readonly { readonly value: StateFilter; readonly label: string }[] = [
  { value: "all", label: "All states" },
  { value: "running", label: "Running" },
  { value: "trouble", label: "In trouble" },
  { value: "stopped", label: "Stopped or finished" },
  { value: "draft", label: "Draft" },
];

const members: Record<Exclude<StateFilter, "all">, readonly PipelineState[]> = {
  running: ["DEPLOYING", "RUNNING", "DEGRADED", "RESTARTING", "STOPPING"],
  trouble: ["DEGRADED", "RESTARTING", "FAILED", "NO_OWNER", "UNREADABLE"],
  stopped: ["STOPPED", "FINISHED"],
  draft: ["DRAFT"],
};

/** Pipelines whose name or id holds the text and whose state fits, in the order that they came. */
export function filterPipelines(pipelines: readonly PipelineRow[], search: string, state: StateFilter): readonly PipelineRow[] {
  const text = search.trim().toLowerCase();
  return pipelines.filter((row) => {
    const hasText = text === "" || row.name.toLowerCase().includes(text) || row.id.includes(text);
    return hasText && (state === "all" || members[state].includes(rowState(row)));
  });
}
