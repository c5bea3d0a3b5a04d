/**
 * Into how many groups keys fall. State is kept and written a group at a time, so that a checkpoint of any number of
 * workers can be gone on with by any other; there are at most as many workers as groups. A change would orphan what is
 * written.
 */
export const keyGroups = 16;

/** The group of a key by its hash. Low bits, as the operator that samples by the same hash decides by high ones. */
export function keyGroupOf(hash: number): number {
  return hash & (keyGroups - 1);
}

/** The worker that has a group: groups are in ranges, so that the order of workers is the order of groups. */
export function workerOf(group: number, workers: number, groups: number = keyGroups): number {
  return Math.floor((group * workers) / groups);
}

/** The groups of a worker, ascending. */
export function groupsOf(worker: number, workers: number, groups: number = keyGroups): readonly number[] {
  return Array.from({ length: groups }, (_, group) => group).filter((group) => workerOf(group, workers, groups) === worker);
}

/** Under which id the state of a step is kept of one group. */
export function groupStepId(step: string, group: number): string {
  return `${step}#${group}`;
}

/** The step and the group that `groupStepId` was made of; null when it was not. */
export function parseGroupStepId(id: string): { readonly step: string; readonly group: number } | null {
  const at = id.lastIndexOf("#");
  return at < 0 ? null : { step: id.slice(0, at), group: Number(id.slice(at + 1)) };
}
