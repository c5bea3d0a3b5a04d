import { lowerSelect } from "./lower-query.ts";
import type { PipelineSketch, Stream } from "./pipeline-sketch.ts";
import { disorderOf, type InputRecord } from "./smoke-input.ts";
import { aggregateOf, durationMs } from "./sql-text.ts";

/** A join of two queries over one input, in words. */
export interface JoinSpec {
  readonly mode: "inner" | "left" | "right" | "full";
  readonly left: string;
  readonly right: string;
  /** `same window`, `left.a = right.b`, or `left.a = b`. */
  readonly on: string;
}

interface Side {
  readonly stream: Stream;
  /** Length of the windows in which it was aggregated; null: it was not. */
  readonly windowMs: number | null;
}

/** Than any input is. */
const longer = "360d";
const windowedGroup = /grouped by \((\d+) (\w+) tumbling window, (\w+)\), watermark = ts(?: - (\d+) (\w+))?$/i;
const windowedTotal = /^\w+(?: where (.+?))?: (\d+) (\w+) tumbling, (.+)$/i;
const plain = /^\w+(?: where (.+))?$/i;

/** The join of a vector. Fields of the right have the prefix `right_` where the left has such a field. */
export function lowerJoin(sketch: PipelineSketch, spec: JoinSpec, records: readonly InputRecord[]): Stream {
  const left = sideOf(sketch, spec.left, records);
  const right = sideOf(sketch, spec.right, records);
  if (/^same window$/i.test(spec.on)) {
    // All windows of the same time belong together; a join needs a key, so that both sides have the same one.
    const [a, b] = [left, right].map(({ stream }) =>
      sketch.node("map-fields", { mode: "add", fields: [{ name: "one", value: "1" }] }, stream),
    );
    const params = { kind: spec.mode, leftKeys: ["one"], rightKeys: ["one"], size: `${left.windowMs}ms` };
    return sketch.join("window-join", params, a, b);
  }
  const found = /^(?:left\.)?(\w+) = (?:right\.)?(\w+)$/.exec(spec.on);
  if (found === null) throw new Error(`"${spec.on}" is no condition of equality`);
  const params = { kind: spec.mode, leftKeys: [found[1]], rightKeys: [found[2]], leftTtl: longer, rightTtl: longer };
  return sketch.join("regular-join", params, left.stream, right.stream);
}

function sideOf(sketch: PipelineSketch, text: string, records: readonly InputRecord[]): Side {
  const disorderMs = disorderOf(records);
  const group = windowedGroup.exec(text);
  if (group !== null) {
    const [, amount, unit, key, lag, lagUnit] = group;
    const source = sketch.source(records, lag === undefined ? 0 : durationMs(lag, lagUnit));
    const sizeMs = durationMs(amount, unit);
    return { stream: sketch.node("tumbling-window", { keyBy: [key], size: `${sizeMs}ms` }, source), windowMs: sizeMs };
  }
  const source = sketch.source(records, disorderMs);
  if (/^select /i.test(text)) return { stream: lowerSelect(sketch, text, source), windowMs: null };
  const total = windowedTotal.exec(text);
  if (total !== null) {
    const [, where, amount, unit, aggregate] = total;
    const parsed = aggregateOf(aggregate);
    if (parsed === null) throw new Error(`"${aggregate}" is no aggregate`);
    const kept = where === undefined ? source : sketch.node("filter", { where }, source);
    const sizeMs = durationMs(amount, unit);
    return { stream: sketch.node("tumbling-window", { keyBy: [], size: `${sizeMs}ms`, aggregates: [parsed] }, kept), windowMs: sizeMs };
  }
  const filtered = plain.exec(text);
  if (filtered === null) throw new Error(`"${text}" is no side of a join`);
  return { stream: filtered[1] === undefined ? source : sketch.node("filter", { where: filtered[1] }, source), windowMs: null };
}
