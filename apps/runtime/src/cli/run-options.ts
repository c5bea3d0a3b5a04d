import type { PipelineSettings } from "@millrace/engine";
import type { ParamSetting } from "./set-params.ts";

/** What `millrace run` was asked for. */
export interface RunOptions {
  /** Folder of the checkpoints; null: none are kept. */
  readonly checkpoints: string | null;
  /** Redis for checkpoints, live tables and alerts; null: none. */
  readonly redis: string | null;
  readonly startFrom: "latest" | "empty";
  readonly json: boolean;
  readonly settings: readonly ParamSetting[];
  /** Stop when no source has brought a record for this long. */
  readonly untilIdleMs: number | null;
  /** At a stop, fire all open windows as at the end of input. */
  readonly drain: boolean;
  /** Where state goes instead of where the pipeline says; null: as it says. */
  readonly state: PipelineSettings["state"] | null;
  /** Keys in memory for each operator, with state on disk; null: as the environment says. */
  readonly stateKeys: number | null;
  /** Replace what file sinks find in their folders. */
  readonly overwrite: boolean;
}
