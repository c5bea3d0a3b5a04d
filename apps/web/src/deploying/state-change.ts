/** What becomes of the state of one operator when a pipeline is deployed. */
export interface StateChange {
  readonly step: string;
  readonly node: string;
  readonly verdict: "kept" | "migrated" | "new" | "discarded" | "removed" | "unreadable";
  /** Why it is not kept as it is; null when it is. */
  readonly reason: string | null;
  readonly stateKeys: number;
  readonly stateBytes: number;
}

/** A deployment that was tried beforehand. */
export interface StateRehearsal {
  /** Number of the checkpoint that was tried; 0 = there is none. */
  readonly checkpoint: number;
  readonly changes: readonly StateChange[];
}

/** Whether a deployment would lose state or carry some over into another form, so that a person has to be asked. */
export function changesState({ changes }: StateRehearsal): boolean {
  return changes.some(({ verdict }) => verdict === "migrated" || isLoss(verdict));
}

/** Whether what the checkpoint holds of a node is lost by it. */
export function isLoss(verdict: StateChange["verdict"]): boolean {
  return verdict === "discarded" || verdict === "removed" || verdict === "unreadable";
}
