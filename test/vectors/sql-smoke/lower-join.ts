import { filtered, windowed } from "./lower-query.ts";
import type { PipelineSketch, Stream } from "./pipeline-sketch.ts";
import { lowerPart, lowerWords } from "./query-words.ts";
import { disorderOf, type InputRecord } from "./smoke-input.ts";
import { delayOf, durationMs, listOf } from "./sql-text.ts";

/** A join of two queries over one input, in words. */
export interface JoinSpec {
  readonly mode: "inner" | "left" | "right" | "full";
  readonly left: string;
  readonly right: string;
  /** `same window`, `left.a = right.b`, `left.a = b`, or several of them. */
  readonly on: string;
}

interface Side {
  readonly stream: Stream;
  /** Length of the windows in which it was aggregated; null: it was not. */
  readonly windowMs: number | null;
}

/** Than any input is. */
const longer = "360d";
const grouped =
  /^(?:the same input|\w+)(?: where (.+?))? grouped by \((\d+) (\w+) tumbling window((?:, ?\w+)*)\)(?:, watermark (= ts\b.*))?$/i;
const tumbling = /\b(\d+) (\w+) tumbling\b/i;
const sameWindow = /^(?:same window(?: start)?|left[ .]window(?:[ .]start)? ={1,2} right[ .]window(?:[ .]start)?)$/i;

/** The join of a vector. Fields of the right have the prefix `right_` where the left has such a field. */
export function lowerJoin(sketch: PipelineSketch, spec: JoinSpec, records: readonly InputRecord[]): Stream {
  const [left, right] = [sideOf(sketch, spec.left, records), sideOf(sketch, spec.right, records)];
  const conditions = spec.on.split(/,| and /i).map((text) => text.trim());
  const keys = conditions.filter((text) => !sameWindow.test(text)).map(equalityOf);
  const [leftKeys, rightKeys] = [keys.map(([key]) => key), keys.map(([, key]) => key)];
  if (!conditions.some((text) => sameWindow.test(text))) {
    return sketch.join(
      "regular-join",
      { kind: spec.mode, leftKeys, rightKeys, leftTtl: longer, rightTtl: longer },
      left.stream,
      right.stream,
    );
  }
  // All windows of the same time belong together; a join needs a key, so that both sides have the same one.
  const [a, b] = [left, right].map(({ stream }) =>
    sketch.node("map-fields", { mode: "add", fields: [{ name: "one", value: "1" }] }, stream),
  );
  const params = { kind: spec.mode, leftKeys: ["one", ...leftKeys], rightKeys: ["one", ...rightKeys], size: `${left.windowMs}ms` };
  return sketch.join("window-join", params, a, b);
}

/** The fields of the left and of the right that are equal. */
function equalityOf(text: string): readonly [string, string] {
  const found = /^(?:(left|right)\.)?(\w+) ={1,2} (?:(left|right)\.)?(\w+)$/i.exec(text);
  if (found === null) throw new Error(`"${text}" is no condition of equality`);
  const [, firstSide, first, secondSide, second] = found;
  const isTurned = /right/i.test(firstSide ?? "") || /left/i.test(secondSide ?? "");
  return isTurned ? [second, first] : [first, second];
}

function sideOf(sketch: PipelineSketch, text: string, records: readonly InputRecord[]): Side {
  const group = grouped.exec(text);
  if (group !== null) {
    const [, where, amount, unit, keys, watermark] = group;
    const source = sketch.source(records, watermark === undefined ? disorderOf(records) : delayOf(watermark));
    const sizeMs = durationMs(amount, unit);
    const input = where === undefined ? source : filtered(sketch, where, source);
    return { stream: windowed(sketch, { kind: "tumbling", sizeMs }, { keyBy: [...listOf(keys)] }, input), windowMs: sizeMs };
  }
  const source = sketch.source(records, disorderOf(records));
  const window = tumbling.exec(text);
  if (window !== null) return { stream: lowerWords(sketch, text, source), windowMs: durationMs(window[1], window[2]) };
  if (/^\w+\(|: /.test(text)) return { stream: lowerWords(sketch, text, source), windowMs: null };
  return { stream: lowerPart(sketch, text, source), windowMs: null };
}
