import type { JsonObject } from "@millrace/engine";
import type { VectorWindow } from "../windows/window-run.ts";
import type { PipelineSketch, Stream } from "./pipeline-sketch.ts";
import { aggregateOf, listOf, namedOf } from "./sql-text.ts";

/** An aggregation as vectors write it, over the whole input or in windows. */
export interface QuerySpec {
  readonly window?: VectorWindow;
  readonly keyBy?: readonly { readonly expr: string; readonly as: string }[];
  readonly groupBy?: readonly (string | { readonly expr: string; readonly as: string })[];
  readonly aggregates: readonly { readonly fn: string; readonly field?: string; readonly as: string }[];
  readonly watermark?: string;
  /** `UNNEST(list) AS item`. */
  readonly then?: string;
  readonly output?: readonly string[];
}

const functions: Readonly<Record<string, string>> = { countDistinct: "count_distinct", arrayAgg: "collect" };

/** Aggregates, and unnests where that is asked for. */
export function lowerQuery(sketch: PipelineSketch, spec: QuerySpec, input: Stream): Stream {
  const named = [...(spec.keyBy ?? []), ...(spec.groupBy ?? [])].map((key) =>
    typeof key === "string" ? { name: key, value: key } : { name: key.as, value: key.expr },
  );
  const keyed = named.some(({ name, value }) => name !== value)
    ? sketch.node("map-fields", { mode: "add", fields: named.filter(({ name, value }) => name !== value) }, input)
    : input;
  const keyBy = named.map(({ name }) => name);
  const aggregates = spec.aggregates.map(({ fn, field, as }) => ({
    as,
    fn: functions[fn] ?? fn,
    ...(field === undefined ? {} : { argument: field }),
  }));
  const aggregated =
    spec.window === undefined
      ? sketch.node("running-aggregate", { keyBy, aggregates, output: "retract" }, keyed)
      : windowed(sketch, spec.window, { keyBy, aggregates }, keyed);
  return spec.then === undefined ? aggregated : unnested(sketch, spec.then, aggregated);
}

/** A window node of the palette. */
export function windowed(sketch: PipelineSketch, window: VectorWindow, params: JsonObject, input: Stream): Stream {
  switch (window.kind) {
    case "tumbling":
      return sketch.node("tumbling-window", { ...params, size: `${window.sizeMs}ms` }, input);
    case "hopping":
      return sketch.node("hopping-window", { ...params, size: `${window.sizeMs}ms`, slide: `${window.slideMs}ms` }, input);
    case "cumulative":
      return sketch.node("cumulate-window", { ...params, size: `${window.maxSizeMs}ms`, step: `${window.stepMs}ms` }, input);
    case "session":
      return sketch.node("session-window", { ...params, gap: `${window.gapMs}ms` }, input);
    case "count":
      return sketch.node("count-window", { ...params, size: window.size, slide: window.slide }, input);
  }
}

function unnested(sketch: PipelineSketch, text: string, input: Stream): Stream {
  const found = /^unnest\((\w+)\)\s+as\s+(\w+)$/i.exec(text);
  if (found === null) throw new Error(`"${text}" is no UNNEST(list) AS item`);
  return sketch.node("unnest", { field: found[1], as: found[2] }, input);
}

/** `count(*) per driver_id HAVING count(*) > 85 (updating)`, `count(*) AS drivers (updating)`. */
export function lowerUpdating(sketch: PipelineSketch, text: string, input: Stream): Stream {
  const found = /^(\w+\(.*?\))(?: as (\w+))?(?: per (\w+))?(?: having (.+?))? \(updating\)$/i.exec(text);
  if (found === null) throw new Error(`"${text}" is no updating aggregation`);
  const [, call, as = "value", key, having] = found;
  const aggregate = aggregateOf(`${call} AS ${as}`);
  if (aggregate === null) throw new Error(`"${call}" is no aggregate`);
  // Without a key of its own a node takes that of its input; all rows together have a constant one.
  const keyed = key === undefined ? sketch.node("map-fields", { mode: "add", fields: [{ name: "all", value: "1" }] }, input) : input;
  const params = { keyBy: [key ?? "all"], aggregates: [aggregate], output: "retract" };
  const aggregated = sketch.node("running-aggregate", params, keyed);
  return having === undefined ? aggregated : sketch.node("filter", { where: having.split(call).join(as) }, aggregated);
}

/** `SELECT counter % 2 AS parity, count(*) AS n FROM input WHERE counter < 3 GROUP BY 1 (updating)`. */
export function lowerSelect(sketch: PipelineSketch, text: string, input: Stream): Stream {
  const found = /^select (.+) from \w+(?: where (.+?))? group by [\w, ]+ \(updating\)$/i.exec(text);
  if (found === null) throw new Error(`"${text}" is no updating SELECT … GROUP BY`);
  const items = listOf(found[1]);
  const aggregates = items.map(aggregateOf).filter((aggregate) => aggregate !== null);
  const keys = items.filter((item) => aggregateOf(item) === null).map(namedOf);
  const kept = found[2] === undefined ? input : sketch.node("filter", { where: found[2] }, input);
  const keyed = sketch.node("map-fields", { mode: "add", fields: keys }, kept);
  return sketch.node("running-aggregate", { keyBy: keys.map(({ name }) => name), aggregates, output: "retract" }, keyed);
}
