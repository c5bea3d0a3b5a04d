import type { PipelineDocument } from "@millrace/engine";
import type { DeploymentState } from "@millrace/protocol";
import type { StateRehearsal } from "../../deploying/state-change.ts";
import type { SaveOutcome } from "../document/autosave.ts";

/** What of a pipeline runs, as the editor shows it. */
export interface DeploymentView {
  /** Number of the immutable version. */
  readonly version: number;
  readonly state: DeploymentState | "NO_OWNER" | "UNKNOWN";
  /** What was deployed; null when it cannot be read. */
  readonly document: PipelineDocument | null;
  readonly problem: { readonly code: string; readonly message: string; readonly node: string | null } | null;
}

/** How an action on the server went. */
export type ActionOutcome = { readonly ok: true } | { readonly ok: false; readonly message: string };

/** All that the editor asks of a server; in production tRPC stands behind it, in a test a few objects. */
export interface EditorBackend {
  /** Saves the draft on top of `expectedRevision`. Never rejects for what a person can cause. */
  save(document: PipelineDocument, expectedRevision: number): Promise<SaveOutcome>;
  /** The draft as the server has it now. */
  load(): Promise<{ readonly document: PipelineDocument; readonly revision: number }>;
  /** Makes a version of the saved draft and runs it. `empty` discards the state of the version before. */
  deploy(options: { readonly comment: string; readonly startFrom: "latest" | "empty" }): Promise<ActionOutcome>;
  /** What a deployment of the saved draft would keep of the state; null when no runtime can try it. */
  rehearse(): Promise<StateRehearsal | null>;
  /** Stops what runs; its checkpoint is kept. */
  stop(): Promise<ActionOutcome>;
  /** Calls with the deployment as it is, and again after each change; null = never deployed. The result ends that. */
  watchDeployment(listener: (deployment: DeploymentView | null) => void): () => void;
}
