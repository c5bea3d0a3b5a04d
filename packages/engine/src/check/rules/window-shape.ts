import { type Diagnostic, error, warning } from "../../diagnostics/diagnostic.ts";
import type { SessionWindow } from "../../plan/window-spec.ts";
import { writeDuration } from "../../types/duration.ts";
import { type OperatorContext, type OperatorRule, placeOfParam } from "./operator-rule.ts";

/** Slices that a key may need for one window; each is an entry in state. */
const mostSlices = 10_000;

/** Windows are longer than zero, slide by no more than their length, and need no more slices than state can bear. */
export const windowShape: OperatorRule = (context) => {
  const { operator } = context;
  if (operator.op !== "window-aggregate" && operator.op !== "window-join") return [];
  const { window } = operator;
  if (window.kind === "session") return sessionProblems(context, window);
  if (window.sizeMs <= 0) return [error("WINDOW_SIZE", { size: writeDuration(0) }, placeOfDuration(context, "size", window.sizeMs))];
  return window.kind === "hopping" ? hoppingProblems(context, window.sizeMs, window.slideMs) : [];
};

function sessionProblems(context: OperatorContext, { gapMs, maxDurationMs }: SessionWindow): readonly Diagnostic[] {
  if (gapMs <= 0) return [error("WINDOW_SIZE", { size: writeDuration(0) }, placeOfDuration(context, "gap", gapMs))];
  if (maxDurationMs === null || maxDurationMs > 0) return [];
  return [error("WINDOW_SIZE", { size: writeDuration(0) }, placeOfDuration(context, "duration", maxDurationMs))];
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
