import type { Words } from "../diagnostic.ts";
import { quote } from "../import-reasons.ts";
import { some } from "../param-words.ts";

/** What a clause may say and an event pattern cannot. */
const unreadable = {
  "all-rows": [
    "ALL ROWS PER MATCH",
    "An event pattern gives one record for a match: write ONE ROW PER MATCH and what you need of its rows as MEASURES.",
  ],
  alternation: ["The alternation |", "Use one variable whose DEFINE joins the conditions with OR."],
  permute: ["PERMUTE", "Write the order that you look for, or one pattern for each order."],
  exclusion: ["The exclusion {- -}", "Leave the rows out of MEASURES: one row comes out for a match, and shows only these."],
  anchor: ["^ and $", "A stream has no first and no last row; take the anchor away."],
  subset: ["SUBSET", "Write the aggregates of the variables one by one, or without a variable for all rows of the match."],
  "deep-group": ["A group in a group in a group in a group", "Write a pattern with fewer parentheses."],
  "greedy-last": [
    "A greedy quantifier at the end of the pattern",
    "End with a variable that comes once, such as one for the row that no longer fits, or write the quantifier with ? behind it.",
  ],
  "variable-twice": ["A variable that stands twice in the pattern", "Give the second one a name and a DEFINE of its own."],
  "zero-times": ["A variable that comes no time at all", "Take it out of the pattern."],
  navigation: [
    "NEXT",
    "What comes behind a row is not known when it is looked at: put the condition into the DEFINE of the variable behind it, with PREV.",
  ],
  "prev-before-match": [
    "PREV of a row before the match",
    "An event pattern reads what the match has taken: begin the PATTERN with a variable for the row before, without a DEFINE.",
  ],
  "prev-other": ["PREV of another variable's row", "Write LAST(variable.field, n), or PREV of the row itself in a DEFINE."],
  "match-function": [
    "CLASSIFIER, MATCH_NUMBER, MATCH_ROWTIME and MATCH_PROCTIME",
    "The times of a match come out as match_start and match_end; the others cannot be had.",
  ],
  name: ["A name with other characters than letters, digits and _", "Give it another name."],
  "order-descending": ["A descending order of time", "Order by time ascending; fields behind it may go down."],
  "skip-to-start": ["Skipping to the first row of the match", "It would find the same match again: skip TO NEXT ROW."],
} as const satisfies Record<string, readonly [what: string, fix: string]>;

/** What an event pattern may say and a clause cannot. */
const unwritable = {
  "no-skip": ["that all matches are kept, also those that overlap with the same first event", "Choose another way to go on after a match."],
  "followed-by-any": ["that each event that matches is taken by a match of its own", "Let the stage follow with then or next."],
  combinations: ["all combinations of the events of a stage", "Let them come one right after the other."],
  "relaxed-repetition": ["that others may lie between the events of a stage", "Let them come one right after the other."],
  "relaxed-after-loop": [
    "that others may come between it and what may be repeated or left out before it",
    "Let the stage follow with next.",
  ],
  "relaxed-group": ["that others may come before it, which is a group", "Let it follow with next."],
  "until-group": ["a condition that ends the repetition of a group", "Put it into the stages of the group, with NOT."],
  absence: ["that something must not come", "Put the condition into the stages around it, with NOT."],
  "within-previous": ["a time limit between two neighbouring events", "Limit the whole pattern with Within."],
  before: [
    "an aggregate of the stage's own events without the one that is tested, other than COUNT and LAST",
    "Write it with RUNNING before it, so that the tested event counts.",
  ],
  "all-with-gaps": [
    "an aggregate of all its events, while others may come in between, which SQL would count too",
    "Take it of the stages one by one, or let each follow with next.",
  ],
  "running-between": ["that the tested event counts for a stage that others may come before", "Let the stage follow with next."],
} as const satisfies Record<string, readonly [what: string, fix: string]>;

export type UnreadableOfClause = keyof typeof unreadable;
export type UnwritableAsClause = keyof typeof unwritable;

/** Words about MATCH_RECOGNIZE clauses that are read or written. See `messages`. */
export const matchRecognizeMessages = {
  MATCH_RECOGNIZE_SYNTAX: (a: { readonly found: string; readonly expected: string }): Words => ({
    message: `Here stands ${a.found}, where ${a.expected} is expected.`,
  }),
  MATCH_RECOGNIZE_UNREADABLE: (a: { readonly what: UnreadableOfClause; readonly text: string }): Words => ({
    message: `${unreadable[a.what][0]} has no counterpart in an event pattern${a.text === "" ? "" : ` (${quote(a.text)})`}.`,
    fix: unreadable[a.what][1],
  }),
  MATCH_RECOGNIZE_VARIABLE: (a: { readonly name: string; readonly variables: readonly string[] }): Words => ({
    message: `${quote(a.name)} is no variable of the PATTERN, which has ${some(a.variables)}.`,
    fix: "Write the name of one of them.",
  }),
  MATCH_RECOGNIZE_UNFINISHED: (_: object): Words => ({
    message: "The pattern has parts that are not finished, so that it cannot be written as MATCH_RECOGNIZE.",
    fix: "Finish what is marked.",
  }),
  MATCH_RECOGNIZE_KEY: (a: { readonly key: readonly string[] }): Words => ({
    message: `The clause has no PARTITION BY, so that the events of each value of the stream's key, ${some(a.key)}, are looked at by themselves.`,
    fix: "Write PARTITION BY with the fields that you mean.",
  }),
  MATCH_RECOGNIZE_ORDER: (a: { readonly first: string; readonly time: string }): Words => ({
    message: `The rows are ordered by ${quote(a.first)} first, but the event time of the records is ${quote(a.time)}.`,
    fix: `Write ORDER BY ${a.time}, with other fields behind it.`,
  }),
  MATCH_RECOGNIZE_UNWRITABLE: (a: { readonly stage: string; readonly what: UnwritableAsClause }): Words => ({
    message: `${a.stage === "" ? "The pattern" : `The stage ${quote(a.stage)}`} says ${unwritable[a.what][0]}, which MATCH_RECOGNIZE cannot say.`,
    fix: unwritable[a.what][1],
  }),
} satisfies Record<string, (args: never) => Words>;
