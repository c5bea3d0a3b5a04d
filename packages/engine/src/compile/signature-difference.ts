import type { PlannedOperator } from "../plan/logical-plan.ts";

/** What the entries of a signature after the operator's name are, for those operators that have state. */
const entryNames: Readonly<Partial<Record<PlannedOperator["op"], readonly string[]>>> = {
  source: ["connector"],
  "window-aggregate": ["key", "window", "output", "results", "early results"],
  "running-aggregate": ["key", "results", "output", "panes"],
  "count-window": ["key", "size", "slide", "results"],
  "assign-windows": ["key", "window", "input fields"],
  "threshold-alert": ["key"],
  deduplicate: ["key"],
  "look-back": ["key", "input fields", "results"],
  "rate-limit": ["key", "interval"],
  "top-n": ["key", "input fields", "ranking", "order", "number of rows", "window", "offset of the window", "output", "ties"],
  "window-join": ["window", "keys or input fields"],
  "interval-join": ["keys or input fields"],
  "snapshot-join": ["keys or input fields"],
  "regular-join": ["keys or input fields"],
  "temporal-join": ["keys or input fields"],
  "pattern-match": ["key", "pattern"],
  "lookup-join": ["keys", "input fields", "connector", "fields of the answer"],
  "feature-flag": ["key"],
};

/** Whether a step with this signature keeps anything that a signature protects. */
export function hasSignedState(signature: string): boolean {
  return parse(signature).length > 1;
}

/** Why state that was written with one signature does not fit another, as the end of a sentence. */
export function signatureDifference(before: string, after: string): string {
  const [old, now] = [parse(before), parse(after)];
  if (old[0] !== now[0]) return `the node was ${show(old[0])} and is ${show(now[0])}`;
  const names = entryNames[now[0] as PlannedOperator["op"]] ?? [];
  const changed = new Set<string>();
  for (let i = 1; i < Math.max(old.length, now.length); i++) {
    if (JSON.stringify(old[i]) !== JSON.stringify(now[i])) changed.add(names[i - 1] ?? "settings");
  }
  const list = [...changed];
  const last = list.pop() ?? "settings";
  const subject = list.length === 0 ? last : `${list.join(", ")} and ${last}`;
  const plural = list.length > 0 || last.endsWith("s") ? "have" : "has";
  return `its ${subject} ${plural} changed`;
}

/** A signature is a JSON list that begins with the operator's name; an older form reads as an unknown one. */
function parse(signature: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(signature);
    return Array.isArray(parsed) ? parsed : ["unknown"];
  } catch {
    return ["unknown"];
  }
}

function show(operator: unknown): string {
  return typeof operator === "string" ? `"${operator}"` : "something else";
}
