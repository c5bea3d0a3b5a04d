import { defineNode, outputOf, type PatternMatch, type PatternMatchStage, param, type SkipStrategy } from "@millrace/engine";
import { strictDocs, strictParam, strictPorts } from "../transform/strict-param.ts";
import { byKeys } from "../words/key-words.ts";
import { eventPatternExamples } from "./event-pattern-examples.ts";
import { matchRecognizeNotation } from "./event-pattern-notation.ts";
import { patternWords } from "./pattern-words.ts";

const params = param.params({
  keyBy: param.fields({
    label: "Key fields",
    help: "The pattern is looked for in the events of each value. An empty list takes the key of the stream.",
  }),
  order: param.order({
    label: "Order at the same time",
    default: [],
    advanced: true,
    help: "Events with the same time come in the order of these fields, NULL as the least; without any, in that of arrival.",
  }),
  stages: param.patternStages({ label: "Stages", help: "What must come, one after the other." }),
  within: param.optionalDuration({
    label: "Within",
    minMs: 1,
    help: "Longest time from the first event to the last; an event exactly so much later is too late.",
  }),
  measures: param.namedExpressions({
    label: "Measures",
    min: 0,
    default: [],
    stages: "stages",
    help: "What to say about a match: COUNT(small), LAST(large.amount).",
  }),
  ...strictParam,
  skip: param.choice({
    label: "After a match",
    default: "skipPastLastEvent",
    options: [
      { value: "noSkip", label: "keep all matches" },
      { value: "skipToNext", label: "drop those with the same first event" },
      { value: "skipPastLastEvent", label: "go on behind its last event" },
      { value: "skipToFirst", label: "go on at the first event of a stage" },
      { value: "skipToLast", label: "go on at the last event of a stage" },
    ],
  }),
  skipStage: param.text({
    label: "Stage to go on at",
    default: "",
    maxLength: 128,
    visibleWhen: { param: "skip", equals: ["skipToFirst", "skipToLast"] },
  }),
  maxRuns: param.number({
    label: "Most partial matches",
    default: 1000,
    min: 1,
    max: 100_000,
    integer: true,
    advanced: true,
    unit: "a key",
    help: "The youngest beyond this number are given up, and counted.",
  }),
});

export const eventPattern = defineNode({
  type: "event-pattern",
  version: 1,
  category: "pattern",
  label: "Event pattern",
  summary: "Finds sequences of events for each key, such as three small payments and then a large one.",
  docs: `Looks, for each key, for events that come one after the other: *small ×3+ then large within 10 min*. A pattern is a list of **stages**; each has a name, a condition, and how it follows the stage before it:

- *next*: the very next event must match.
- *then* (\`followedBy\`): events in between are passed over; the first that matches is taken.
- *then any* (\`followedByAny\`): each event that matches is taken by a match of its own.
- *not next*, *without* (\`notFollowedBy\`): what must not come. As the last stage, *without* needs **Within** and comes out when that is over.

**Repetition.** A stage may come several times, without end (*until* a condition), or be left out. Between its events others are passed over (*relaxed*), none may come (*consecutive*), or also its own may be passed over (*all combinations*). A *greedy* stage takes every event that it can; without it, each number of repetitions that can be completed is a match.

**Groups.** A group is a list of stages that comes as often as the group says: *(login then failure) ×3+*. It may hold groups. Its stages have names of their own, of which conditions and measures speak; the name of the group is a label.

**Conditions and measures.** A condition reads the fields of the event and what the match has taken before it: \`amount > 3 * AVG(small.amount)\`, with FIRST, LAST, COUNT, SUM, AVG, MIN and MAX of a stage's field; \`small.amount\` alone is the last. Of a stage without events COUNT is 0 and all others are NULL, so that a first event passes only if you allow for it: \`COUNT(rise) = 0 OR price > rise.price\`. What stands without a stage is taken of the events of all: \`COUNT(*)\`, \`LAST(amount)\`; FIRST and LAST take a second argument, the number of events to go on from there: \`LAST(small.amount, 1)\` is the last but one. RUNNING counts the event itself as taken: \`RUNNING AVG(rise.price) < 10\` holds while the average with it is below 10. Measures read the same of the whole match; a plain field is that of its last event.

**What comes out.** The key, \`match_start\`, \`match_end\` (the times of the first and the last event) and the measures. What has begun and ran out of time leaves by *Timeout* with the same fields, at the time when it did. Events are put into order of time first, and those with the same time into the order that you choose, so a match comes out when the watermark passes its last event; records behind the watermark leave by *Late*.

**After a match** says what happens to others that overlap with it. Keeping all is right for counting, going on behind the last event is right for alerts. With anything but *keep all* a match is held back while an earlier one may still complete.

${strictDocs} Conditions over what the match has taken are no part of this: they are asked for each partial match, and a NULL there only means that the event does not suit it.

**Within of the event before** limits how long a stage waits for its next event. When that is over, what may be left out is left out and a repetition that has come often enough is over, and the match goes on with the stage behind it; else it has run out of time.

**Pitfall.** Without **Within**, what has begun waits for ever and stays in memory. *Then any* and *all combinations* can double the number of partial matches with every event; beyond *Most partial matches* the youngest of a key are given up, and the counter \`runs_dropped\` says so. *Within* is exclusive: with 10 min, an event exactly 10 minutes after the first is too late.`,
  icon: "waypoints",
  inputs: [{ name: "in" }],
  outputs: (params) => [
    { name: "out" },
    { name: "timeout", label: "Timeout", side: true },
    { name: "late", label: "Late", side: true },
    ...strictPorts(params),
  ],
  params,
  headline: (params) => {
    const words = patternWords(params.stages, params.within);
    const keys = byKeys(params.keyBy);
    return words.length + keys.length <= 60 ? `${words}${keys}` : words;
  },
  lower: ({ params, inputs, inputTypes }) => {
    const operator: PatternMatch<string, typeof inputs.in> = {
      op: "pattern-match",
      input: inputs.in,
      keyBy: params.keyBy.length > 0 ? params.keyBy : inputTypes.in.key,
      order: params.order.map(({ field, descending = false }) => ({ field, descending })),
      stages: params.stages.map(stageOf),
      withinMs: params.within,
      skip: skipOf(params.skip, params.skipStage),
      measures: params.measures,
      maxRunsPerKey: params.maxRuns,
      ...(params.strict ? { strict: true } : {}),
    };
    const deadLetters = params.strict ? { dead_letter: outputOf(operator, "dead_letter") } : {};
    return { out: outputOf(operator), timeout: outputOf(operator, "timeout"), late: outputOf(operator, "late"), ...deadLetters };
  },
  examples: eventPatternExamples,
  notation: matchRecognizeNotation(params),
});

function stageOf(stage: param.PatternStageParam<number>): PatternMatchStage<string> {
  const { min = 1, max = 1, optional = false, greedy = false, inner = "relaxed" } = stage.times ?? {};
  return {
    name: stage.name,
    contiguity: stage.contiguity ?? "followedBy",
    where: stage.where ?? null,
    times: { min, max, optional, greedy, inner },
    until: stage.until ?? null,
    withinPreviousMs: stage.withinPrevious ?? null,
    ...(stage.group === undefined ? {} : { group: stage.group.map(stageOf) }),
  };
}

function skipOf(kind: SkipStrategy["kind"], stage: string): SkipStrategy {
  return kind === "skipToFirst" || kind === "skipToLast" ? { kind, stage, failWithoutStage: false } : { kind };
}
