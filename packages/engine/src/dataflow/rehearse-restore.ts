import type { CheckpointManifest, CheckpointStore } from "../checkpoint/checkpoint-store.ts";
import { joinChunks, type Sha256 } from "../checkpoint/chunks.ts";
import { compilePlan } from "../compile/compile-plan.ts";
import { hasSignedState } from "../compile/signature-difference.ts";
import { stateFit } from "../compile/state-fit.ts";
import { stateSignature } from "../compile/state-signature.ts";
import type { LogicalPlan, PlanStep } from "../plan/logical-plan.ts";
import type { Clock } from "../time/clock.ts";
import { wireDataflow } from "./dataflow.ts";
import type { OperatorHost } from "./operator-host.ts";
import { stateLayout } from "./state-layout.ts";

/** What becomes of the state of one step when a plan starts from a checkpoint. */
export interface StateChange {
  readonly step: string;
  /** Slug of its node. */
  readonly node: string;
  /** `kept`: taken over. `migrated`: taken over in another form, and `reason` says what that means. `new`: the checkpoint has none for it. `discarded`: it does not fit. `removed`: the node is gone. `unreadable`: the start will fail. */
  readonly verdict: "kept" | "migrated" | "new" | "discarded" | "removed" | "unreadable";
  /** Why it is not kept, as the end of a sentence; null when it is. */
  readonly reason: string | null;
  /** Keys and bytes of what is kept, as the operator counts them; 0 otherwise. */
  readonly stateKeys: number;
  readonly stateBytes: number;
}

/** A start from a checkpoint, tried out. */
export interface RestoreRehearsal {
  /** Number of the checkpoint; 0 = there is none, and all state is new. */
  readonly checkpoint: number;
  readonly takenAtMs: number | null;
  readonly changes: readonly StateChange[];
}

/**
 * Restores a plan's operators from a checkpoint without running anything, taking over or writing: what is kept,
 * discarded or new, step by step, in the order of the plan. `checkpoint`: its number; null = the newest. Rejects when
 * the store cannot be read or has no such checkpoint; damage of a part is its step's verdict.
 */
export async function rehearseRestore(options: {
  readonly plan: LogicalPlan;
  readonly store: CheckpointStore;
  readonly sha256: Sha256;
  readonly clock: Clock;
  readonly checkpoint: number | null;
}): Promise<RestoreRehearsal> {
  const { plan, store, checkpoint } = options;
  const manifest = checkpoint === null ? await store.readNewest() : await store.readManifest(checkpoint);
  if (manifest === null && checkpoint !== null) throw new Error(`Checkpoint ${checkpoint} is not there any more.`);
  const wired = wireDataflow(compilePlan(plan), options.clock);
  const changes: StateChange[] = [];
  for (const step of plan.steps) {
    const signature = stateSignature(step);
    if (!hasSignedState(signature)) continue;
    changes.push(await changeOf(options, manifest, step, wired.hosts.get(step.id)));
  }
  const known = new Set(plan.steps.map(({ id }) => id));
  for (const part of manifest?.parts ?? []) {
    if (part.kind !== "operator" || known.has(part.id) || !hasSignedState(part.signature ?? "")) continue;
    const [node] = part.id.split(":");
    changes.push({ ...nothing, step: part.id, node, verdict: "removed", reason: "the node is no longer in the pipeline" });
  }
  return { checkpoint: manifest?.checkpoint ?? 0, takenAtMs: manifest?.createdAtMs ?? null, changes };
}

const nothing = { stateKeys: 0, stateBytes: 0 };

async function changeOf(
  { store, sha256 }: { readonly store: CheckpointStore; readonly sha256: Sha256 },
  manifest: CheckpointManifest | null,
  step: PlanStep,
  host: OperatorHost | undefined,
): Promise<StateChange> {
  const kind = step.operator.op === "source" ? "source" : "operator";
  const part = manifest?.parts.find((candidate) => candidate.kind === kind && candidate.id === step.id);
  const place = { ...nothing, step: step.id, node: step.node };
  if (manifest === null || part === undefined) {
    const reason = manifest === null ? "there is no checkpoint yet" : "the checkpoint has nothing for this node";
    return { ...place, verdict: "new", reason };
  }
  const fit = stateFit(manifest, part, step);
  if (fit.verdict === "discarded") return { ...place, verdict: "discarded", reason: fit.reason };
  try {
    const inline = part.inline === undefined ? null : Uint8Array.fromBase64(part.inline.base64);
    const bytes = inline ?? (await joinChunks(part.chunks, (ref) => store.readChunk(ref), sha256));
    if (kind === "source") return { ...place, verdict: "kept", reason: null };
    host?.restore(bytes, true, fit.aggregates);
    const { stateKeys, stateBytes } = host?.operator.gauges() ?? nothing;
    const isOlder = host !== undefined && stateLayout(bytes) !== stateLayout(host.capture().end());
    const older = isOlder ? "an earlier version of Millrace wrote it; it is carried over into the form of this one" : null;
    const reason = [fit.reason, older].filter((words) => words !== null).join("; ");
    return { ...place, verdict: reason === "" ? "kept" : "migrated", reason: reason === "" ? null : reason, stateKeys, stateBytes };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return { ...place, verdict: "unreadable", reason };
  }
}
