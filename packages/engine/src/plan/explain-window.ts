import { writeDuration } from "../types/duration.ts";
import type { WindowSpec } from "./logical-operator.ts";

/** A window on one line, for people. */
export function explainWindow(window: WindowSpec): string {
  if (window.kind === "session") {
    const most = window.maxDurationMs === null ? "" : `, at most ${writeDuration(window.maxDurationMs)} long`;
    return `session window with a gap of ${writeDuration(window.gapMs)}${most}`;
  }
  const offset = window.offsetMs === 0 ? "" : ` offset ${writeDuration(window.offsetMs)}`;
  const slide = window.kind === "hopping" ? ` sliding by ${writeDuration(window.slideMs)}` : "";
  return `${window.kind} window of ${writeDuration(window.sizeMs)}${slide}${offset}`;
}
