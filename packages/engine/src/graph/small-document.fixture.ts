import type { JsonObject, JsonValue } from "../types/json-value.ts";

/** Params of a `feed` with a service, an amount and an event time. */
export const feedParams: JsonObject = {
  path: "orders.jsonl",
  fields: [
    { name: "service", type: "string" },
    { name: "amount", type: "double" },
    { name: "ts", type: "timestamp" },
  ],
  timeField: "ts",
};

/** Nodes of feed → filter → window → store. */
export const smallNodes: JsonObject = {
  orders: { type: "feed", version: 2, params: feedParams },
  large: { type: "filter", version: 1, params: { where: "amount > 100" } },
  totals: {
    type: "window",
    version: 1,
    params: { keyBy: ["service"], aggregates: [{ as: "total", fn: "sum", argument: "amount" }] },
  },
  kept: { type: "store", version: 1 },
};

export const smallEdges: readonly JsonValue[] = [
  { from: "large.out", to: "totals.in" },
  { from: "orders.out", to: "large.in" },
  { from: "totals.out", to: "kept.in" },
];

/** A document, by default that of `smallNodes` and `smallEdges`. */
export function smallDocument(nodes: JsonObject = smallNodes, edges: readonly JsonValue[] = smallEdges, more: JsonObject = {}): JsonObject {
  return { formatVersion: 1, pipeline: { id: "orders", name: "Orders", nodes, edges }, ...more };
}
