import { type Diagnostic, error, warning } from "../../diagnostics/diagnostic.ts";
import { isTimeZone } from "../../time/zone-calendar.ts";
import { writeDuration } from "../../types/duration.ts";
import { type OperatorContext, type OperatorRule, placeOfParam } from "./operator-rule.ts";

/** Slices that a key may need for one window; each is an entry in state. */
const mostSlices = 10_000;

/** Windows are longer than zero, slide by no more than their length or grow by a whole part of it, and need no more slices than state can bear. */
export const windowShape: OperatorRule = (context) => {
  const { operator } = context;
  if (operator.op !== "window-aggregate" && operator.op !== "window-join" && operator.op !== "assign-windows") return [];
  const { window } = operator;
  switch (window.kind) {
    case "tumbling":
      return emptyProblems(context, "size", window.sizeMs);
    case "hopping":
      return firstOf(emptyProblems(context, "size", window.sizeMs), () => hoppingProblems(context, window.sizeMs, window.slideMs));
    case "cumulate":
      return firstOf(emptyProblems(context, "size", window.maxSizeMs), () => cumulateProblems(context, window.maxSizeMs, window.stepMs));
    case "calendar":
      return isTimeZone(window.zone)
        ? []
        : [
            error(
              "WINDOW_ZONE",
              { zone: window.zone },
              placeOfParam(context, (leaf) => leaf.value === window.zone),
            ),
          ];
    case "session":
      return [...emptyProblems(context, "gap", window.gapMs), ...emptyProblems(context, "duration", window.maxDurationMs ?? 1)];
  }
};

function firstOf(found: readonly Diagnostic[], otherwise: () => readonly Diagnostic[]): readonly Diagnostic[] {
  return found.length > 0 ? found : otherwise();
}

function emptyProblems(context: OperatorContext, name: string, ms: number): readonly Diagnostic[] {
  return ms > 0 ? [] : [error("WINDOW_SIZE", { size: writeDuration(0) }, placeOfDuration(context, name, ms))];
}

function cumulateProblems(context: OperatorContext, maxSizeMs: number, stepMs: number): readonly Diagnostic[] {
  const place = placeOfDuration(context, "step", stepMs);
  const words = { step: writeDuration(Math.max(0, stepMs)), size: writeDuration(maxSizeMs) };
  if (stepMs <= 0 || maxSizeMs % stepMs !== 0) return [error("WINDOW_STEP", words, place)];
  const count = maxSizeMs / stepMs;
  return count > mostSlices ? [error("WINDOW_TOO_MANY", { slide: words.step, size: words.size, count, limit: mostSlices }, place)] : [];
}

function hoppingProblems(context: OperatorContext, sizeMs: number, slideMs: number): readonly Diagnostic[] {
  const place = placeOfDuration(context, "slide", slideMs);
  const words = { slide: writeDuration(Math.max(0, slideMs)), size: writeDuration(sizeMs) };
  if (slideMs <= 0 || slideMs > sizeMs) return [error("WINDOW_SLIDE", words, place)];
  const count = sizeMs / greatestCommonDivisor(sizeMs, slideMs);
  if (count > mostSlices) return [error("WINDOW_TOO_MANY", { ...words, count, limit: mostSlices }, place)];
  return sizeMs % slideMs === 0 ? [] : [warning("WINDOW_SLIDE_UNEVEN", words, place)];
}

function placeOfDuration(context: OperatorContext, name: string, ms: number) {
  const isDuration = placeOfParam(
    context,
    (leaf) => leaf.meta.param.kind === "duration" && leaf.value === ms && leaf.path.toLowerCase().includes(name),
  );
  return isDuration.param === undefined
    ? placeOfParam(context, (leaf) => leaf.meta.param.kind === "duration" && leaf.value === ms)
    : isDuration;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
