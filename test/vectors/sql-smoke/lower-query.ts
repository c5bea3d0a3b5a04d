import type { JsonObject } from "@millrace/engine";
import type { VectorWindow } from "../windows/window-run.ts";
import type { PipelineSketch, Stream } from "./pipeline-sketch.ts";
import { functionOf, namedOf, overResults } from "./sql-text.ts";

type Key = string | { readonly expr?: string; readonly field?: string; readonly as?: string };

/** An aggregation as vectors write it, over the whole input or in windows; without aggregates what is to come out of each record. */
export interface QuerySpec {
  readonly window?: VectorWindow;
  readonly keyBy?: readonly Key[];
  readonly groupBy?: readonly Key[];
  readonly where?: string;
  readonly filter?: string;
  /** Over the results, by their names or as calls: `count(*) > 2`. */
  readonly having?: string;
  readonly aggregates?: readonly {
    readonly fn: string;
    readonly field?: string | null;
    readonly as: string;
    readonly distinct?: boolean;
  }[];
  readonly watermark?: string;
  /** One or more of `UNNEST(list) AS item`, `WHERE …`, `ROW_NUMBER() OVER (PARTITION BY window ORDER BY …) AS n WHERE n <= …`. */
  readonly then?: string | readonly string[] | null;
  readonly output?: readonly string[];
}

/** Filters, aggregates, and what is done with the results. */
export function lowerQuery(sketch: PipelineSketch, spec: QuerySpec, all: Stream): Stream {
  const where = spec.where ?? spec.filter;
  const input = where === undefined ? all : filtered(sketch, where, all);
  if (spec.aggregates === undefined || spec.aggregates.length === 0) return projected(sketch, spec.output ?? [], input);
  const named = [...(spec.keyBy ?? []), ...(spec.groupBy ?? [])].map(keyOf);
  const computed = named.filter(({ name, value }) => name !== value);
  const keyed = computed.length === 0 ? input : sketch.node("map-fields", { mode: "add", fields: computed }, input);
  const keyBy = named.map(({ name }) => name);
  const aggregates = spec.aggregates.map(({ fn, field, as, distinct }) => ({
    as,
    fn: distinct === true ? `${functionOf(fn)}_distinct` : functionOf(fn),
    ...(field === undefined || field === null || field === "*" ? {} : { argument: field }),
  }));
  const aggregated =
    spec.window === undefined
      ? sketch.node("running-aggregate", { keyBy, aggregates, output: "retract" }, keyed)
      : windowed(sketch, spec.window, { keyBy, aggregates }, keyed);
  const calls = spec.aggregates.map(({ fn, field, as }) => ({ call: `${fn}(${field ?? "*"})`, as }));
  const kept = spec.having === undefined ? aggregated : filtered(sketch, overResults(spec.having, calls), aggregated);
  const steps = [spec.then ?? []].flat().flatMap((text) => text.split(/(?<=^unnest\(.*) (?=where )/i));
  return steps.reduce((stream, text) => followed(sketch, text, spec.window, stream), kept);
}

function keyOf(key: Key): { readonly name: string; readonly value: string } {
  if (typeof key === "string") return namedOf(key);
  const value = key.expr ?? key.field;
  if (value === undefined) throw new Error(`${JSON.stringify(key)} is no key`);
  return { name: key.as ?? value, value };
}

export function filtered(sketch: PipelineSketch, where: string, input: Stream): Stream {
  return sketch.node("filter", { where }, input);
}

/** `a, b AS c`, `*`. */
export function projected(sketch: PipelineSketch, items: readonly string[], input: Stream): Stream {
  if (items.length === 0 || items.includes("*")) return input;
  return sketch.node("map-fields", { mode: "keep", fields: items.map(namedOf) }, input);
}

/** A window node of the palette. */
export function windowed(sketch: PipelineSketch, window: VectorWindow, params: JsonObject, input: Stream): Stream {
  const offset = "offsetMs" in window && window.offsetMs !== undefined ? { offset: `${window.offsetMs}ms` } : {};
  switch (window.kind) {
    case "tumbling":
      return sketch.node("tumbling-window", { ...params, ...offset, size: `${window.sizeMs}ms` }, input);
    case "hopping":
      return sketch.node("hopping-window", { ...params, ...offset, size: `${window.sizeMs}ms`, slide: `${window.slideMs}ms` }, input);
    case "cumulative":
      return sketch.node("cumulate-window", { ...params, ...offset, size: `${window.maxSizeMs}ms`, step: `${window.stepMs}ms` }, input);
    case "session":
      return sketch.node("session-window", { ...params, gap: `${window.gapMs}ms` }, input);
    case "count":
      return sketch.node("count-window", { ...params, size: window.size, slide: window.slide }, input);
    default:
      throw new Error(`there are no windows of kind ${JSON.stringify((window as { readonly kind: unknown }).kind)}`);
  }
}

function followed(sketch: PipelineSketch, text: string, window: VectorWindow | undefined, input: Stream): Stream {
  const unnest = /^unnest\((\w+)\)(?:\s+as\s+(\w+))?$/i.exec(text);
  if (unnest !== null) return sketch.node("unnest", { field: unnest[1], as: unnest[2] ?? unnest[1] }, input);
  const where = /^(?:where|having)\s+(.+)$/i.exec(text);
  if (where !== null) return filtered(sketch, where[1], input);
  const ranked = /^row_number\(\) over \(partition by window order by (.+?)\) as (\w+)(?: where|,) \w+ (?:= 1|<= (\d+))$/i.exec(text);
  if (ranked === null || window === undefined) throw new Error(`"${text}" is no UNNEST, no WHERE and no ROW_NUMBER of a window`);
  return first(sketch, listOfOrders(ranked[1]), Number(ranked[3] ?? 1), ranked[2], window, input);
}

interface Order {
  readonly by: string;
  readonly order: "ascending" | "descending";
}

function listOfOrders(text: string): readonly Order[] {
  return text.split(",").map((item) => {
    const [, by, direction = "asc"] = /^\s*(.+?)(?:\s+(asc|desc))?\s*$/i.exec(item) ?? ["", item];
    return { by, order: /desc/i.test(direction) ? "descending" : "ascending" };
  });
}

/** The first rows of each window: of several orders, each decides among those that are equal by the ones before it. */
function first(sketch: PipelineSketch, orders: readonly Order[], limit: number, as: string, window: VectorWindow, input: Stream): Stream {
  if (limit > 1 && orders.length > 1) throw new Error(`the first ${limit} are found by one order alone`);
  if (window.kind !== "tumbling" && window.kind !== "hopping") throw new Error(`no rows are ranked in windows of kind ${window.kind}`);
  // Ranking has windows of its own: one for each end of those that come in.
  const size = `${window.kind === "hopping" ? window.slideMs : window.sizeMs}ms`;
  const bounds = ["start", "end"];
  const kept = bounds.map((bound) => ({ name: `ranked_${bound}`, value: `window_${bound}` }));
  const ranked = orders.reduce(
    (stream, order, i) => sketch.node("top-n", { ...order, limit, size, ties: i < orders.length - 1, keyBy: ["ranked_end"] }, stream),
    sketch.node("map-fields", { mode: "add", fields: kept }, input),
  );
  const fields = [...bounds.map((bound) => ({ name: `window_${bound}`, value: `ranked_${bound}` })), { name: as, value: "rank" }];
  return sketch.node("map-fields", { mode: "add", fields }, ranked);
}
