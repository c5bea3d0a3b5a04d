import { type Diagnostic, error } from "../../diagnostics/diagnostic.ts";
import type { UnwritableAsClause } from "../../diagnostics/messages/match-recognize-messages.ts";
import { failure, type Result, success } from "../../diagnostics/result.ts";
import { quoteIdentifier } from "../../expression/flink-reserved-words.ts";
import type { PatternStageParam } from "../../node/params.ts";
import { isAbsence } from "../../plan/pattern-operator.ts";
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
    this.#stages = params.stages.map(({ name }) => name);
    this.#gaps = params.stages.some((stage, i) => i > 0 && hasGap(stage));
  }

  write(timeField: string): string {
    const { keyBy, order, within, measures, skip } = this.#params;
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
    const pattern = this.#params.stages.map((stage, i) => this.#element(stage, i)).join(" ");
    const ms = within === null ? null : parseDuration(within);
    const define = this.#params.stages.flatMap((stage, i) => this.#definitions(stage, i));
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

  #element(stage: PatternStageParam, i: number): string {
    const { name, contiguity = "followedBy", times, withinPrevious } = stage;
    const before = i === 0 ? undefined : this.#params.stages[i - 1];
    const fail = (what: UnwritableAsClause, member: string): void => this.#fail(what, name, `stages.${i}.${member}`);
    if (i > 0 && isAbsence({ contiguity })) fail("absence", "contiguity");
    else if (i > 0 && contiguity === "followedByAny") fail("followed-by-any", "contiguity");
    else if (i > 0 && hasGap(stage) && isLoop(before)) fail("relaxed-after-loop", "contiguity");
    if (withinPrevious !== undefined) fail("within-previous", "withinPrevious");
    if (times !== undefined && times.max !== 1 && times.inner !== "consecutive") {
      fail(times.inner === "allowCombinations" ? "combinations" : "relaxed-repetition", "times.inner");
    }
    if (times?.optional === true && times.min > 1) fail("optional-times", "times.optional");
    const gap = i > 0 && hasGap(stage) ? `${quoteIdentifier(gapVariable(name))}*? ` : "";
    return `${gap}${quoteIdentifier(name)}${quantifierOf(stage, this.#mayEnd(i))}`;
  }

  /** Whether a match may end with this stage. */
  #mayEnd(i: number): boolean {
    return this.#params.stages.slice(i + 1).every(({ times }) => times?.optional === true);
  }

  #definitions(stage: PatternStageParam, i: number): readonly string[] {
    const { name, where, until } = stage;
    const found: string[] = [];
    if (i > 0 && hasGap(stage) && where !== undefined) {
      const variable = gapVariable(name);
      const condition = this.#expression(where, { stage: name, variable }, name, `stages.${i}.where`);
      found.push(`${quoteIdentifier(variable)} AS ${gapCondition(condition)}`);
    }
    const own = { stage: name, variable: name };
    const wanted = where === undefined ? [] : [this.#expression(where, own, name, `stages.${i}.where`)];
    const ended = until === undefined ? [] : [gapCondition(this.#expression(until, own, name, `stages.${i}.until`))];
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
function hasGap({ contiguity = "followedBy", where }: PatternStageParam): boolean {
  return contiguity === "followedBy" && where !== undefined;
}

function isLoop(stage: PatternStageParam | undefined): boolean {
  const { min, max, optional = false } = stage?.times ?? { min: 1, max: 1 };
  return min !== max || optional;
}

/** At the end of a pattern greed changes nothing, and SQL would take more. */
function quantifierOf({ times }: PatternStageParam, mayEnd: boolean): string {
  if (times === undefined) return "";
  const { min, max, optional = false, greedy = false } = times;
  const least = optional ? 0 : min;
  if (least === 1 && max === 1) return "";
  const counts =
    max === null
      ? least === 0
        ? "*"
        : least === 1
          ? "+"
          : `{${least},}`
      : max === 1
        ? "?"
        : `{${least === max ? max : `${least},${max}`}}`;
  const reluctant = least !== max && (mayEnd || !greedy);
  return `${counts}${reluctant ? "?" : ""}`;
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
