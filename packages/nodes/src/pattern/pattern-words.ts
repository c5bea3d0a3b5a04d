import { type param, type StageContiguity, writeDuration } from "@millrace/engine";
import { durationWords } from "../words/duration-words.ts";

type Stage = param.PatternStageParam<number>;

const links: Readonly<Record<StageContiguity, string>> = {
  next: "next",
  followedBy: "then",
  followedByAny: "then any",
  notNext: "not next",
  notFollowedBy: "without",
};

/** Longer headlines do not fit on a card. */
const longestHeadline = 58;

/** `small ×3+ then large within 10 min`; of a long pattern the first stage, the last and their number. */
export function patternWords(stages: readonly Stage[], withinMs: number | null): string {
  const within = withinMs === null ? "" : ` within ${durationWords(withinMs)}`;
  const text = `${sequenceWords(stages)}${within}`;
  if (text.length <= longestHeadline) return text;
  const ends = `${stages[0].name} … ${stages[stages.length - 1].name}`;
  const shortened = `${ends}, ${stages.length} stages${within}`;
  if (shortened.length <= longestHeadline) return shortened;
  return `${stages.length} stages${withinMs === null ? "" : ` within ${writeDuration(withinMs)}`}`;
}

function sequenceWords(stages: readonly Stage[]): string {
  return stages
    .map((stage, i) => (i === 0 ? stageWords(stage) : `${links[stage.contiguity ?? "followedBy"]} ${stageWords(stage)}`))
    .join(" ");
}

function stageWords({ name: label, times, group }: Stage): string {
  const name = group === undefined ? label : `(${sequenceWords(group)})`;
  if (times === undefined) return name;
  const { min, max, optional } = times;
  const count = max === null ? ` ×${min}+` : min !== max ? ` ×${min}–${max}` : min === 1 ? "" : ` ×${min}`;
  return `${name}${count}${optional === true ? "?" : ""}`;
}
