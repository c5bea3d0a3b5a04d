import type { CheckpointManifest, CheckpointPart, CheckpointStore } from "../checkpoint/checkpoint-store.ts";
import { type ChunkCoding, joinChunks } from "../checkpoint/chunks.ts";
import { compilePlan } from "../compile/compile-plan.ts";
import { hasSignedState } from "../compile/signature-difference.ts";
import { stateFit } from "../compile/state-fit.ts";
import { stateSignature } from "../compile/state-signature.ts";
import { parseGroupStepId } from "../parallel/key-groups.ts";
import type { LogicalPlan, PlanStep } from "../plan/logical-plan.ts";
import type { Clock } from "../time/clock.ts";
import { wireDataflow } from "./dataflow.ts";
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
  readonly coding: ChunkCoding;
  readonly clock: Clock;
  readonly checkpoint: number | null;
}): Promise<RestoreRehearsal> {
  const { plan, store, checkpoint } = options;
  const manifest = checkpoint === null ? await store.readNewest() : await store.readManifest(checkpoint);
  if (manifest === null && checkpoint !== null) throw new Error(`Checkpoint ${checkpoint} is not there any more.`);
  const changes: StateChange[] = [];
  for (const step of plan.steps) {
    const signature = stateSignature(step);
    if (!hasSignedState(signature)) continue;
    changes.push(await changeOf(options, manifest, step));
  }
  const known = new Set(plan.steps.map(({ id }) => id));
  for (const part of manifest?.parts ?? []) {
    const group = parseGroupStepId(part.id);
    if (part.kind !== "operator" || known.has(group?.step ?? part.id) || (group?.group ?? 0) > 0 || !hasSignedState(part.signature ?? ""))
      continue;
    const [node] = part.id.split(":");
    changes.push({ ...nothing, step: group?.step ?? part.id, node, verdict: "removed", reason: "the node is no longer in the pipeline" });
  }
  return { checkpoint: manifest?.checkpoint ?? 0, takenAtMs: manifest?.createdAtMs ?? null, changes };
}

const nothing = { stateKeys: 0, stateBytes: 0 };

async function changeOf(
  options: { readonly plan: LogicalPlan; readonly store: CheckpointStore; readonly coding: ChunkCoding; readonly clock: Clock },
  manifest: CheckpointManifest | null,
  step: PlanStep,
): Promise<StateChange> {
  const kind = step.operator.op === "source" ? "source" : "operator";
  // One, or one for each group of keys.
  const parts = manifest?.parts.filter(({ kind: of, id }) => of === kind && (parseGroupStepId(id)?.step ?? id) === step.id) ?? [];
  const part = parts.at(0);
  const place = { ...nothing, step: step.id, node: step.node };
  if (manifest === null || part === undefined) {
    const reason = manifest === null ? "there is no checkpoint yet" : "the checkpoint has nothing for this node";
    return { ...place, verdict: "new", reason };
  }
  const fit = stateFit(manifest, part, step);
  if (fit.verdict === "discarded") return { ...place, verdict: "discarded", reason: fit.reason };
  try {
    if (kind === "source") return { ...place, verdict: "kept", reason: null };
    const kept = { stateKeys: 0, stateBytes: 0 };
    let isOlder = false;
    for (const own of parts) {
      const bytes = await readPart(options, own);
      const host = wireDataflow(compilePlan(options.plan), options.clock).hosts.get(step.id);
      host?.restore(bytes, true, fit.aggregates);
      const { stateKeys, stateBytes } = host?.operator.gauges() ?? nothing;
      kept.stateKeys += stateKeys;
      kept.stateBytes += stateBytes;
      isOlder ||= host !== undefined && stateLayout(bytes) !== stateLayout(host.capture().end());
    }
    const older = isOlder ? "an earlier version of Millrace wrote it; it is carried over into the form of this one" : null;
    const reason = [fit.reason, older].filter((words) => words !== null).join("; ");
    return { ...place, verdict: reason === "" ? "kept" : "migrated", reason: reason === "" ? null : reason, ...kept };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return { ...place, verdict: "unreadable", reason };
  }
}

async function readPart(
  { store, coding }: { readonly store: CheckpointStore; readonly coding: ChunkCoding },
  { inline, chunks }: CheckpointPart,
): Promise<Uint8Array> {
  if (inline !== undefined) return Uint8Array.fromBase64(inline.base64);
  return await joinChunks(chunks, (ref) => store.readChunk(ref), coding);
}
