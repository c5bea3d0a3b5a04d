import type { Words } from "../diagnostic.ts";
import { quote } from "../import-reasons.ts";
import { some } from "../param-words.ts";

/** Words about event patterns. See `messages`. */
export const patternMessages = {
  PATTERN_STAGE_UNKNOWN: (a: { readonly name: string; readonly stages: readonly string[]; readonly nearest: string | null }): Words => ({
    message: `The pattern has no stage ${quote(a.name)} that takes events; there are ${some(a.stages)}.`,
    fix: a.nearest === null ? "Write the name of one of them." : `Did you mean ${a.nearest}?`,
  }),
  PATTERN_AGGREGATE_FORM: (a: { readonly fn: string; readonly stages: readonly string[] }): Words => ({
    message: `In a pattern ${a.fn} is taken of the events of one stage, or of all; the stages are ${some(a.stages)}.`,
    fix:
      a.fn === "COUNT"
        ? "Write COUNT(stage)."
        : a.fn === "RUNNING"
          ? "Write RUNNING before an aggregate of a stage, as in RUNNING AVG(stage.field)."
          : `Write ${a.fn}(stage.field)${a.fn === "FIRST" || a.fn === "LAST" ? `, or ${a.fn}(stage.field, 1) for the one beside it` : ""}; what is more is computed outside of it.`,
  }),
  PATTERN_ABSENCE_FIRST: (a: { readonly stage: string }): Words => ({
    message: `The pattern begins with ${quote(a.stage)}, which must not come; there is nothing from which on it would have to be missing.`,
    fix: "Begin with an event that comes.",
  }),
  PATTERN_ABSENCE_LAST: (a: { readonly stage: string }): Words => ({
    message: `The pattern ends with ${quote(a.stage)}, which must not come, but nothing says how long to wait for that.`,
    fix: 'Set "Within", or "Within of the event before" of the stage.',
  }),
  PATTERN_ABSENCE_ENDS_GROUP: (a: { readonly stage: string; readonly group: string }): Words => ({
    message: `The group ${quote(a.group)} ends with ${quote(a.stage)}, which must not come; until when is not said in the group.`,
    fix: "Put the absence between two stages of the group, or behind the group.",
  }),
  PATTERN_GROUP_ABSENT: (a: { readonly group: string }): Words => ({
    message: `${quote(a.group)} is a group of stages, and a group cannot be what must not come.`,
    fix: "Let the group follow with next or then, or name a single event that must not come.",
  }),
  PATTERN_GROUP_EMPTY: (a: { readonly group: string }): Words => ({
    message: `All stages of the group ${quote(a.group)} may be left out, so that it could come without any event.`,
    fix: "Make one of its stages required, and the group itself optional.",
  }),
  PATTERN_GROUP_WHERE: (a: { readonly group: string }): Words => ({
    message: `${quote(a.group)} is a group of stages; it has no condition and no time limit of its own.`,
    fix: "Put it into the stages of the group.",
  }),
  PATTERN_ABSENCE_REPEATED: (a: { readonly stage: string }): Words => ({
    message: `${quote(a.stage)} must not come at all, so that it cannot be repeated, optional or ended by a condition.`,
    fix: "Take the repetition and the end condition away.",
  }),
  PATTERN_ABSENCE_AFTER_OPTIONAL: (a: { readonly stage: string; readonly before: string }): Words => ({
    message: `${quote(a.stage)} must not come after ${quote(a.before)}, which is optional: where that is left out, it is not clear from when on.`,
    fix: `Make ${quote(a.before)} required, or put the absence elsewhere.`,
  }),
  PATTERN_TIMES: (a: { readonly stage: string; readonly min: number; readonly max: number }): Words => ({
    message: `${quote(a.stage)} is to come at least ${a.min} times, but at most ${a.max} times.`,
    fix: "Exchange the two.",
  }),
  PATTERN_UNTIL: (a: { readonly stage: string; readonly max: number }): Words => ({
    message: `${quote(a.stage)} comes at most ${a.max} times; only a repetition without end can be ended by a condition.`,
    fix: "Take the upper limit or the condition away.",
  }),
  PATTERN_SKIP_STAGE: (a: { readonly stage: string; readonly stages: readonly string[] }): Words => ({
    message: `After a match the search goes on at ${quote(a.stage)}, which is no stage that takes events; there are ${some(a.stages)}.`,
    fix: "Choose one of them.",
  }),
  PATTERN_HELD_BACK: (a: { readonly stage: string }): Words => ({
    message: `${quote(a.stage)} may go on without end, and a match is held back while an earlier one may still complete: with this way to skip nothing might ever come out.`,
    fix: 'Set "Within", or keep all matches.',
  }),
  PATTERN_HELD_BACK_UNBROKEN: (a: { readonly stage: string }): Words => ({
    message: `${quote(a.stage)} may go on without end; while it does, all its events stay in memory, and later matches are held back.`,
    fix: 'Set "Within".',
  }),
  PATTERN_WITHOUT_WITHIN: (a: { readonly stage: string }): Words => ({
    message: `Nothing says how long to wait for ${quote(a.stage)}: what has begun and is never completed stays in memory.`,
    fix: 'Set "Within".',
  }),
} satisfies Record<string, (args: never) => Words>;
