import { writeDuration } from "../types/duration.ts";
import type { WindowSpec } from "./logical-operator.ts";

/** A window on one line, for people. */
export function explainWindow(window: WindowSpec): string {
  switch (window.kind) {
    case "tumbling":
      return `tumbling window of ${writeDuration(window.sizeMs)}${offsetWords(window.offsetMs)}`;
    case "hopping":
      return `hopping window of ${writeDuration(window.sizeMs)} sliding by ${writeDuration(window.slideMs)}${offsetWords(window.offsetMs)}`;
    case "cumulate":
      return `cumulate window of ${writeDuration(window.maxSizeMs)} in steps of ${writeDuration(window.stepMs)}${offsetWords(window.offsetMs)}`;
    case "calendar":
      return `calendar window of a ${window.unit} in ${window.zone}`;
    case "session": {
      const most = window.maxDurationMs === null ? "" : `, at most ${writeDuration(window.maxDurationMs)} long`;
      return `session window with a gap of ${writeDuration(window.gapMs)}${most}`;
    }
  }
}

function offsetWords(offsetMs: number): string {
  return offsetMs === 0 ? "" : ` offset ${writeDuration(offsetMs)}`;
}
