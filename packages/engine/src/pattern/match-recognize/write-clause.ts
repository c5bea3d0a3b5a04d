import { type Diagnostic, error } from "../../diagnostics/diagnostic.ts";
import type { UnwritableAsClause } from "../../diagnostics/messages/match-recognize-messages.ts";
import { failure, type Result, success } from "../../diagnostics/result.ts";
import { quoteIdentifier } from "../../expression/flink-reserved-words.ts";
import type { PatternStageParam } from "../../node/params.ts";
import { isAbsence, singleStages } from "../../plan/pattern-operator.ts";
import { parseDuration } from "../../types/duration.ts";
import type { EventPatternParams } from "./event-pattern-params.ts";
import { endMeasures, gapCondition, gapVariable } from "./own-forms.ts";
import { type WriteContext, writeClauseExpression } from "./write-expression.ts";

/**
 * Writes an event pattern as a MATCH_RECOGNIZE clause of SQL:2016 in Flink's dialect, ordered by `timeField`, with
 * `match_start` and `match_end` among its measures. What the clause cannot say is a diagnostic at the parameter
 * that says it. Never throws.
 */
export function writeMatchRecognize(params: EventPatternParams, timeField: string): Result<string> {
  const writer = new ClauseWriter(params);
  const text = writer.write(timeField);
  return writer.problems.length > 0 ? failure(writer.problems) : success(text);
}

class ClauseWriter {
  readonly problems: Diagnostic[] = [];
  readonly #params: EventPatternParams;
  readonly #stages: readonly string[];
  readonly #gaps: boolean;

  constructor(params: EventPatternParams) {
    this.#params = params;
    this.#stages = singleStages(params.stages).map(({ name }) => name);
    this.#gaps = gapsIn(params.stages);
  }

  write(timeField: string): string {
    const { keyBy, order, within, measures, skip, stages } = this.#params;
    const time = quoteIdentifier(timeField);
    if (skip === "noSkip") this.#fail("no-skip", "", "skip");
    const orders = order.map(({ field, descending }) => `${quoteIdentifier(field)}${descending ? " DESC" : ""}`);
    const says = [
      ...Object.entries(endMeasures).map(([name, fn]) => `${fn}(${time}) AS ${name}`),
      ...measures.map(({ name, value }, i) => {
        const context = { stage: null, variable: null };
        return `${this.#expression(value, context, "", `measures.${i}.value`)} AS ${quoteIdentifier(name)}`;
      }),
    ];
    const pattern = this.#elements(stages, "stages", true);
    const ms = within === null ? null : parseDuration(within);
    const define = this.#definitions(stages, "stages");
    return [
      "MATCH_RECOGNIZE (",
      ...(keyBy.length === 0 ? [] : [`  PARTITION BY ${keyBy.map(quoteIdentifier).join(", ")}`]),
      `  ORDER BY ${[time, ...orders].join(", ")}`,
      "  MEASURES",
      `    ${says.join(",\n    ")}`,
      "  ONE ROW PER MATCH",
      `  AFTER MATCH SKIP ${this.#skip()}`,
      `  PATTERN (${pattern})${ms === null ? "" : ` WITHIN ${intervalOf(ms)}`}`,
      ...(define.length === 0 ? [] : ["  DEFINE", `    ${define.join(",\n    ")}`]),
      ")",
    ].join("\n");
  }

  #skip(): string {
    const { skip, skipStage } = this.#params;
    switch (skip) {
      case "skipToFirst":
        return `TO FIRST ${quoteIdentifier(skipStage)}`;
      case "skipToLast":
        return `TO LAST ${quoteIdentifier(skipStage)}`;
      case "skipToNext":
        return "TO NEXT ROW";
      default:
        return "PAST LAST ROW";
    }
  }

  /** `mayEnd`: a match may end with the last of these stages. */
  #elements(list: readonly PatternStageParam[], path: string, mayEnd: boolean): string {
    return list
      .map((stage, i) => {
        const ends = mayEnd && list.slice(i + 1).every(({ times }) => times?.optional === true);
        this.#refuse(stage, i === 0 ? null : list[i - 1], `${path}.${i}`);
        const gap = i > 0 && hasGap(stage) ? `${quoteIdentifier(gapVariable(stage.name))}*? ` : "";
        if (stage.group === undefined) return `${gap}${quantified(quoteIdentifier(stage.name), stage, ends)}`;
        return quantified(`(${this.#elements(stage.group, `${path}.${i}.group`, ends)})`, stage, ends);
      })
      .join(" ");
  }

  /** Notes what a clause cannot say of a stage; `before` is null for the first of its list. */
  #refuse(stage: PatternStageParam, before: PatternStageParam | null, path: string): void {
    const { name, contiguity = "followedBy", times, withinPrevious, group, until } = stage;
    const fail = (what: UnwritableAsClause, member: string): void => this.#fail(what, name, `${path}.${member}`);
    if (before !== null) {
      if (isAbsence({ contiguity })) fail("absence", "contiguity");
      else if (contiguity === "followedByAny") fail("followed-by-any", "contiguity");
      else if (group !== undefined && contiguity === "followedBy") fail("relaxed-group", "contiguity");
      else if (hasGap(stage) && isLoop(before)) fail("relaxed-after-loop", "contiguity");
    }
    if (withinPrevious !== undefined) fail("within-previous", "withinPrevious");
    if (group !== undefined && until !== undefined) fail("until-group", "until");
    if (times === undefined || times.max === 1 || times.inner === "consecutive") return;
    fail(times.inner === "allowCombinations" ? "combinations" : "relaxed-repetition", "times.inner");
  }

  #definitions(list: readonly PatternStageParam[], path: string): readonly string[] {
    return list.flatMap((stage, i) =>
      stage.group === undefined ? this.#definition(stage, i === 0, `${path}.${i}`) : this.#definitions(stage.group, `${path}.${i}.group`),
    );
  }

  #definition(stage: PatternStageParam, isFirst: boolean, path: string): readonly string[] {
    const { name, where, until } = stage;
    const found: string[] = [];
    if (!isFirst && hasGap(stage) && where !== undefined) {
      const variable = gapVariable(name);
      const condition = this.#expression(where, { stage: name, variable }, name, `${path}.where`);
      found.push(`${quoteIdentifier(variable)} AS ${gapCondition(condition)}`);
    }
    const own = { stage: name, variable: name };
    const wanted = where === undefined ? [] : [this.#expression(where, own, name, `${path}.where`)];
    const ended = until === undefined ? [] : [gapCondition(this.#expression(until, own, name, `${path}.until`))];
    if (ended.length === 0) return wanted.length === 0 ? found : [...found, `${quoteIdentifier(name)} AS ${wanted[0]}`];
    return [...found, `${quoteIdentifier(name)} AS ${[...wanted.map((text) => `(${text})`), ...ended].join(" AND ")}`];
  }

  #expression(text: string, of: Pick<WriteContext, "stage" | "variable">, stage: string, param: string): string {
    const written = writeClauseExpression(text, { ...of, stages: this.#stages, gaps: this.#gaps });
    if (written.ok) return written.text.trim();
    // What is no expression is said by the check of the pattern, at the same place.
    if (written.what !== null) this.#fail(written.what, stage, param);
    return text;
  }

  #fail(what: UnwritableAsClause, stage: string, param: string): void {
    const found = error("MATCH_RECOGNIZE_UNWRITABLE", { stage, what }, { param });
    if (!this.problems.some(({ code, place, message }) => code === found.code && place.param === param && message === found.message)) {
      this.problems.push(found);
    }
  }
}

/** Whether events may be passed over before a stage; where any event suits it there are none. */
function hasGap({ contiguity = "followedBy", where, group }: PatternStageParam): boolean {
  return contiguity === "followedBy" && where !== undefined && group === undefined;
}

function gapsIn(list: readonly PatternStageParam[]): boolean {
  return list.some((stage, i) => (i > 0 && hasGap(stage)) || (stage.group !== undefined && gapsIn(stage.group)));
}

function isLoop({ times }: PatternStageParam): boolean {
  const { min, max, optional = false } = times ?? { min: 1, max: 1 };
  return min !== max || optional;
}

/** With its quantifier. Where a match may end greed changes nothing, and SQL would take more. */
function quantified(element: string, { times }: PatternStageParam, mayEnd: boolean): string {
  if (times === undefined) return element;
  const { min, max, optional = false, greedy = false } = times;
  const reluctant = mayEnd || !greedy ? "?" : "";
  if (optional && min > 1) return `(${quantified(element, { name: "", times: { ...times, optional: false } }, mayEnd)})?${reluctant}`;
  const least = optional ? 0 : min;
  if (least === 1 && max === 1) return element;
  // Once or not at all is nowhere greedy, and Flink does not read it with a mark that says so.
  const marked = least !== max && (max !== 1 || mayEnd);
  return `${element}${countsOf(least, max)}${marked ? reluctant : ""}`;
}

function countsOf(min: number, max: number | null): string {
  if (max === null) return min === 0 ? "*" : min === 1 ? "+" : `{${min},}`;
  if (min === max) return `{${min}}`;
  return min === 0 && max === 1 ? "?" : `{${min},${max}}`;
}

function intervalOf(ms: number): string {
  const units = [
    ["DAY", 86_400_000],
    ["HOUR", 3_600_000],
    ["MINUTE", 60_000],
  ] as const;
  const unit = units.find(([, unitMs]) => ms % unitMs === 0);
  return unit === undefined ? `INTERVAL '${ms / 1000}' SECOND` : `INTERVAL '${ms / unit[1]}' ${unit[0]}`;
}
