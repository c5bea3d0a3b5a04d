import type { JsonValue, StageContiguity, StageTimes } from "@millrace/engine";
import { freeName, readEntries } from "./entries.ts";

/** One stage of an event pattern as the form holds it; empty text is left out of the document. */
export interface PatternStageEntry {
  readonly name: string;
  readonly contiguity: StageContiguity;
  readonly where: string;
  readonly times: StageTimes;
  readonly until: string;
  readonly withinPrevious: string;
  /** The stages of a group; null: it is a single stage. */
  readonly group: readonly PatternStageEntry[] | null;
}

export const onceOnly: StageTimes = { min: 1, max: 1, optional: false, greedy: false, inner: "relaxed" };

export const contiguityOptions = [
  { value: "followedBy", label: "then", help: "Other events may come in between." },
  { value: "next", label: "next", help: "The very next event." },
  { value: "followedByAny", label: "then any", help: "Each event that matches, by a match of its own." },
  { value: "notFollowedBy", label: "without", help: "Must not come before the next stage, or in time." },
  { value: "notNext", label: "not next", help: "The very next event must be another." },
] as const satisfies readonly { value: StageContiguity; label: string; help: string }[];

export const innerOptions = [
  { value: "relaxed", label: "others may lie between" },
  { value: "consecutive", label: "one right after the other" },
  { value: "allowCombinations", label: "all combinations" },
] as const satisfies readonly { value: StageTimes["inner"]; label: string }[];

/** The stages of a parameter, whatever the document holds. */
export function readStages(value: JsonValue | undefined): readonly PatternStageEntry[] {
  const texts = readEntries(value, ["name", "contiguity", "where", "until", "withinPrevious"]);
  const items: readonly JsonValue[] = Array.isArray(value) ? value : [];
  return texts.map((entry, i) => ({
    ...entry,
    contiguity: contiguityOptions.find((option) => option.value === entry.contiguity)?.value ?? "followedBy",
    times: readTimes(memberOf(items[i], "times")),
    group: readGroup(memberOf(items[i], "group")),
  }));
}

/** As the document holds them. */
export function writeStages(stages: readonly PatternStageEntry[]): JsonValue {
  return stages.map(({ name, contiguity, where, times, until, withinPrevious, group }, i) => ({
    name,
    ...(i === 0 || contiguity === "followedBy" ? {} : { contiguity }),
    ...(where === "" ? {} : { where }),
    ...(isOnce(times) ? {} : { times: writeTimes(times) }),
    ...(until === "" ? {} : { until }),
    ...(withinPrevious === "" ? {} : { withinPrevious }),
    ...(group === null ? {} : { group: writeStages(group) }),
  }));
}

/** Names of all stages and groups, in order. */
export function stageNames(stages: readonly PatternStageEntry[]): readonly string[] {
  return stages.flatMap(({ name, group }) => [name, ...(group === null ? [] : stageNames(group))]);
}

/** The stage as the only one of a new group, which follows as the stage did. `names` are those that are taken. */
export function intoGroup(stage: PatternStageEntry, names: readonly string[]): PatternStageEntry {
  const name = freeName(
    names.map((taken) => ({ name: taken })),
    "group",
  );
  const contiguity = isAbsence(stage) ? "followedBy" : stage.contiguity;
  return { ...newStage([]), name, contiguity, group: [{ ...stage, contiguity: "followedBy" }] };
}

/** The stages of a group, of which the first follows as the group did. */
export function outOfGroup({ group, contiguity }: PatternStageEntry): readonly PatternStageEntry[] {
  return (group ?? []).map((stage, i) => (i === 0 ? { ...stage, contiguity } : stage));
}

export function isAbsence({ contiguity }: PatternStageEntry): boolean {
  return contiguity === "notNext" || contiguity === "notFollowedBy";
}

/** A stage to begin with; `names` are those that are taken. */
export function newStage(names: readonly string[]): PatternStageEntry {
  const name = freeName(
    names.map((taken) => ({ name: taken })),
    "event",
  );
  return { name, contiguity: "followedBy", where: "", times: onceOnly, until: "", withinPrevious: "", group: null };
}

function readGroup(value: JsonValue | undefined): readonly PatternStageEntry[] | null {
  return Array.isArray(value) ? readStages(value) : null;
}

function isOnce({ min, max, optional }: StageTimes): boolean {
  return min === 1 && max === 1 && !optional;
}

function writeTimes({ min, max, optional, greedy, inner }: StageTimes): JsonValue {
  return {
    min,
    max,
    ...(optional ? { optional } : {}),
    ...(greedy ? { greedy } : {}),
    ...(inner === "relaxed" ? {} : { inner }),
  };
}

function readTimes(value: JsonValue | undefined): StageTimes {
  if (value === undefined) return onceOnly;
  const min = memberOf(value, "min");
  const max = memberOf(value, "max");
  const inner = memberOf(value, "inner");
  return {
    min: typeof min === "number" ? min : 1,
    max: typeof max === "number" ? max : null,
    optional: memberOf(value, "optional") === true,
    greedy: memberOf(value, "greedy") === true,
    inner: innerOptions.find((option) => option.value === inner)?.value ?? "relaxed",
  };
}

function memberOf(value: JsonValue | undefined, name: string): JsonValue | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const object = value as { readonly [member: string]: JsonValue }; // Neither a list nor null.
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
