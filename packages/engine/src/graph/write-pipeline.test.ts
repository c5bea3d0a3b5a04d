import fc from "fast-check";
import { expect, test } from "vitest";
import { smallCatalogue } from "../node/small-catalogue.fixture.ts";
import type { JsonObject, JsonValue } from "../types/json-value.ts";
import { parsePipeline } from "./parse-pipeline.ts";
import { feedParams, smallDocument, smallEdges, smallNodes } from "./small-document.fixture.ts";
import { writePipeline } from "./write-pipeline.ts";

function rewrite(text: string): string {
  const result = parsePipeline(text, smallCatalogue);
  if (!result.ok) throw new Error(`${result.diagnostics[0].message}\n${text}`);
  return writePipeline(result.value, smallCatalogue);
}

function written(document: JsonObject): string {
  return rewrite(JSON.stringify(document));
}

test("writes members, nodes and edges in a fixed order, and nothing that is empty", () => {
  const text = `{
  "formatVersion": 1,
  "pipeline": {
    "id": "orders",
    "name": "Orders",
    "nodes": {
      "kept": {
        "type": "store",
        "version": 1
      },
      "large": {
        "type": "filter",
        "version": 1,
        "params": {
          "where": "amount > 100"
        }
      }
    },
    "edges": [
      {
        "from": "large.out",
        "to": "kept.in"
      }
    ]
  }
}
`;
  const large = { params: { where: "amount > 100" }, disabled: false, label: "", version: 1, type: "filter" };
  const shuffled: JsonObject = {
    layout: { notes: [], nodes: {} },
    pipeline: {
      tests: [],
      edges: [{ to: "kept.in", from: "large.out" }],
      nodes: { large, kept: { params: {}, version: 1, type: "store" } },
      settings: { checkpointInterval: "1000ms" },
      description: "",
      name: "Orders",
      id: "orders",
    },
    formatVersion: 1,
  };
  expect(written(shuffled)).toBe(text);
  expect(rewrite(text)).toBe(text);
});

test("writes params in the order of the schema, durations in one form, and no defaults", () => {
  const orders = {
    type: "feed",
    version: 2,
    params: {
      zeta: 1,
      headers: {},
      retry: { pause: "1000ms", times: 5 },
      disorder: "90s",
      ...feedParams,
      password: null,
      alpha: { d: 1, c: 2 },
    },
  };
  const document = JSON.parse(written(smallDocument({ ...smallNodes, orders })));
  expect(JSON.stringify(document.pipeline.nodes.orders.params)).toBe(
    JSON.stringify({ ...feedParams, disorder: "1m30s", retry: { times: 5 }, alpha: { c: 2, d: 1 }, zeta: 1 }),
  );
});

test("keeps what a schema would refuse", () => {
  const totals = { type: "window", version: 1, params: { size: "5m; drop", keyBy: "service", aggregates: [{ fn: 5, as: null, more: 1 }] } };
  const { nodes } = JSON.parse(written(smallDocument({ ...smallNodes, totals }))).pipeline;
  expect(nodes.totals.params).toEqual(totals.params);
  expect(Object.keys(nodes.totals.params.aggregates[0])).toEqual(["as", "fn", "more"]);
});

test("writes no plain-text secrets", () => {
  const parsed = parsePipeline(JSON.stringify(smallDocument()), smallCatalogue);
  if (!parsed.ok) throw new Error("it was refused");
  const params = {
    ...feedParams,
    headers: { "X-Token": "canary-1" },
    password: "Canary 2",
    mirror: "redis://:canary-3@host",
    apiKey: "canary-4",
  };
  const { pipeline } = parsed.value;
  const nodes = {
    ...pipeline.nodes,
    orders: { ...pipeline.nodes.orders, params },
    old: { ...pipeline.nodes.orders, type: "gone", params },
  };
  const text = writePipeline({ ...parsed.value, pipeline: { ...pipeline, nodes } }, smallCatalogue);
  // The password of a node of unknown type is text under a telling name, whatever it was meant to be.
  expect(text).not.toMatch(/canary/i);
  expect(text).toContain("orders.jsonl");
});

test("writes whole pixels, and notes by their ids", () => {
  const layout = {
    nodes: { large: { x: 10.4, y: -0.2 }, kept: { x: 1, y: 2 } },
    notes: [
      { id: "b", text: "two", x: 1, y: 1, width: 10, height: 10 },
      { id: "a", text: "one", x: 1, y: 1, width: 10, height: 10 },
    ],
  };
  const document = JSON.parse(written(smallDocument(smallNodes, smallEdges, { layout })));
  expect(document.layout.nodes).toEqual({ kept: { x: 1, y: 2 }, large: { x: 10, y: 0 } });
  expect(document.layout.notes.map((note: { id: string }) => note.id)).toEqual(["a", "b"]);
});

const slug = fc.stringMatching(/^[a-z][a-z0-9_]{0,6}$/);
const json = fc
  .jsonValue({ maxDepth: 3 })
  .filter((value) => !/__proto__|\\u0000|\\ud[89a-f]|\$secret/i.test(JSON.stringify(value))) as fc.Arbitrary<JsonValue>;
const duration = fc.constantFrom("60s", "1m", "0ms", "90m", "5x", "");
const params = fc.record(
  {
    path: fc.string({ unit: "grapheme", maxLength: 5 }),
    size: duration,
    slide: duration,
    disorder: duration,
    retry: fc.record({ times: fc.integer({ min: 0, max: 4 }), pause: duration }, { requiredKeys: [] }),
    aggregates: fc.array(fc.record({ fn: fc.constantFrom("count", "sum"), as: slug, filter: json }, { requiredKeys: ["fn"] }), {
      maxLength: 2,
    }),
    keyBy: fc.array(slug, { maxLength: 2 }),
    headers: fc.dictionary(fc.constantFrom("Accept", "10", "9", "X-Y"), fc.string({ maxLength: 3 })),
    other: json,
  },
  { requiredKeys: [] },
);
const node = fc.record(
  {
    type: fc.constantFrom("feed", "filter", "window", "merge", "store", "teleport"),
    version: fc.integer({ min: 1, max: 3 }),
    label: fc.string({ unit: "grapheme", maxLength: 5 }),
    params,
    disabled: fc.boolean(),
  },
  { requiredKeys: ["type", "version"] },
);
const positions = fc.dictionary(
  slug,
  fc.record({ x: fc.double({ noNaN: true, noDefaultInfinity: true }), y: fc.oneof(fc.integer(), fc.string()) }),
);

test("what was written is read and written as the same bytes, in whatever order it came", () => {
  fc.assert(
    fc.property(fc.dictionary(slug, node, { maxKeys: 5 }), positions, fc.array(json, { maxLength: 2 }), (nodes, layout, tests) => {
      const document = {
        formatVersion: 1,
        pipeline: { id: "p", name: "P", nodes, edges: [], tests },
        layout: { nodes: layout },
      };
      const text = rewrite(JSON.stringify(document));
      expect(rewrite(text)).toBe(text);
      expect(rewrite(JSON.stringify(reversed(document)))).toBe(text);
    }),
    { numRuns: 300 },
  );
});

/** The same value with the members of all objects in reverse order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  );
}
