import { filtered, projected, windowed } from "./lower-query.ts";
import type { PipelineSketch, Stream } from "./pipeline-sketch.ts";
import { aggregateOf, clausesOf, durationMs, listOf, namedOf, overResults } from "./sql-text.ts";

const tumbling = /\(?\b(\d+) (\w+) tumbling(?: window)?\)?,?\s*/i;

/**
 * `count(*) per driver_id HAVING count(*) > 85 (updating)`, `count(*) AS drivers (updating)`, `cars WHERE a = 1: 1 h tumbling,
 * count(*) AS n per driver_id`. All rows together have a constant key: without one of its own a node takes that of its input.
 */
export function lowerWords(sketch: PipelineSketch, text: string, all: Stream): Stream {
  const words = text.replace(/\s*\(updating\)$/i, "");
  const [, from, query] = /^([^:]+): (.+)$/.exec(words) ?? ["", undefined, words];
  const source = from === undefined ? all : lowerPart(sketch, from, all);
  const window = tumbling.exec(query);
  const clauses = clausesOf(query.replace(tumbling, "").trim(), ["per", "where", "having"]);
  const where = clauses.get("where");
  const input = where === undefined ? source : filtered(sketch, where, source);
  // What stands behind the keys may be aggregates again: `1 h tumbling per driver_id, count(*) AS n`.
  const per = listOf((clauses.get("per") ?? "").replace(/^\(([\w, ]*)\)$/, "$1"));
  const isCall = (item: string): boolean => aggregateOf(item, "") !== null;
  const aggregates = [...listOf(clauses.get("") ?? ""), ...per.filter(isCall)].map((item) => {
    const aggregate = aggregateOf(item, /^\w+/.exec(item)?.[0].toLowerCase());
    if (aggregate === null) throw new Error(`"${item}" is no aggregate`);
    return aggregate;
  });
  if (aggregates.length === 0) throw new Error(`"${text}" is no aggregation`);
  const keys = per.filter((item) => !isCall(item)).map(namedOf);
  const size = window === null ? null : durationMs(window[1], window[2]);
  return having(sketch, clauses.get("having"), aggregates, aggregated(sketch, keys, aggregates, size, input));
}

/** `SELECT counter % 2 AS parity, count(*) AS n FROM input WHERE counter < 3 GROUP BY 1 HAVING n > 1 (updating)`. */
export function lowerSelect(sketch: PipelineSketch, text: string, input: Stream): Stream {
  const clauses = clausesOf(text.replace(/\s*\(updating\)$/i, ""), ["select", "from", "where", "group by", "having"]);
  const items = listOf(clauses.get("select") ?? "");
  const where = clauses.get("where");
  const kept = where === undefined ? input : filtered(sketch, where, input);
  const aggregates = items.map((item) => aggregateOf(item)).filter((aggregate) => aggregate !== null);
  if (aggregates.length === 0) return projected(sketch, items, kept);
  const keys = items.filter((item) => aggregateOf(item) === null).map(namedOf);
  return having(sketch, clauses.get("having"), aggregates, aggregated(sketch, keys, aggregates, null, kept));
}

/** `SELECT a, b AS c FROM input WHERE …`, `input WHERE …`, `the same input`. */
export function lowerPart(sketch: PipelineSketch, text: string, input: Stream): Stream {
  if (/^select /i.test(text)) return lowerSelect(sketch, text, input);
  const found = /^(?:the same input|\w+)(?: where (.+?))?(?: \(updating\))?$/i.exec(text);
  if (found === null) throw new Error(`"${text}" is no input, and no part of one`);
  return found[1] === undefined ? input : filtered(sketch, found[1], input);
}

type Aggregates = readonly NonNullable<ReturnType<typeof aggregateOf>>[];

/** `sizeMs`: of tumbling windows; null: over all that has come. */
function aggregated(
  sketch: PipelineSketch,
  keys: readonly { readonly name: string; readonly value: string }[],
  calls: Aggregates,
  sizeMs: number | null,
  input: Stream,
): Stream {
  const own = keys.length === 0 ? [{ name: "all", value: "1" }] : keys;
  const computed = own.filter(({ name, value }) => name !== value);
  const keyed = computed.length === 0 ? input : sketch.node("map-fields", { mode: "add", fields: computed }, input);
  const params = { keyBy: own.map(({ name }) => name), aggregates: calls.map(({ call: _, ...aggregate }) => aggregate) };
  return sizeMs === null
    ? sketch.node("running-aggregate", { ...params, output: "retract" }, keyed)
    : windowed(sketch, { kind: "tumbling", sizeMs }, params, keyed);
}

function having(sketch: PipelineSketch, condition: string | undefined, calls: Aggregates, input: Stream): Stream {
  return condition === undefined ? input : filtered(sketch, overResults(condition, calls), input);
}
