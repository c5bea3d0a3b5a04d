import { expect, test } from "vitest";
import { smallCatalogue } from "../node/small-catalogue.fixture.ts";
import type { JsonObject, JsonValue } from "../types/json-value.ts";
import { documentLimits, parsePipeline } from "./parse-pipeline.ts";
import { feedParams, smallDocument, smallEdges, smallNodes } from "./small-document.fixture.ts";

function parse(document: JsonValue | string) {
  return parsePipeline(typeof document === "string" ? document : JSON.stringify(document), smallCatalogue);
}

/** The refusals, as `CODE message`. */
function refusals(document: JsonValue | string): readonly string[] {
  const result = parse(document);
  return result.ok ? [] : result.diagnostics.map((found) => `${found.code} ${found.message}`);
}

function accepted(document: JsonValue | string) {
  const result = parse(document);
  if (!result.ok) throw new Error(result.diagnostics.map((found) => found.message).join("\n"));
  return result;
}

function withNode(slug: string, node: JsonValue): JsonObject {
  return smallDocument({ ...smallNodes, [slug]: node });
}

function withEdges(...edges: readonly JsonValue[]): JsonObject {
  return smallDocument(smallNodes, [...smallEdges, ...edges]);
}

test("reads a whole document", () => {
  const { value, warnings } = accepted(smallDocument());
  expect(warnings).toEqual([]);
  expect(value.pipeline).toMatchObject({
    id: "orders",
    name: "Orders",
    description: "",
    settings: { checkpointIntervalMs: 1000 },
    tests: [],
  });
  expect(Object.keys(value.pipeline.nodes)).toEqual(["orders", "large", "totals", "kept"]);
  expect(value.pipeline.nodes.kept).toEqual({ type: "store", version: 1, label: "", params: {}, disabled: false });
  expect(value.layout).toEqual({ nodes: {}, notes: [] });
});

test.each(["", "  \n", "\ufeff"])("A1: an empty file (%j)", (text) => {
  expect(refusals(text)).toEqual(["IMPORT_INVALID This cannot be opened as a Millrace pipeline: the file is empty."]);
});

test.each([
  ["null", "null"],
  ["[]", "an empty list"],
  ['"x"', 'the text "x"'],
  ["123", "the number 123"],
  ["true", "the boolean true"],
])("A2: a document that is %s", (text, shown) => {
  expect(refusals(text)).toEqual([
    `IMPORT_INVALID This cannot be opened as a Millrace pipeline: the file holds ${shown}, where an object with "pipeline" was expected.`,
  ]);
});

test("A3: every truncation of a document", () => {
  const text = JSON.stringify(smallDocument(), null, 1);
  for (let length = 1; length < text.length; length += 7) {
    expect(refusals(text.slice(0, length))[0]).toMatch(/^IMPORT_INVALID .* line \d+, column \d+\.$/);
  }
});

test("A6: constructor.prototype and __proto__ at any depth, without a trace on the prototypes", () => {
  const before = Object.getOwnPropertyNames(Object.prototype);
  for (const params of [
    '{"constructor":{"prototype":{"polluted":1}}}',
    '{"a":[{"__proto__":{"polluted":1}}]}',
    '{"__proto__":{"polluted":1}}',
  ]) {
    const text = JSON.stringify(withNode("extra", { type: "store", version: 1, params: "HERE" })).replace('"HERE"', params);
    expect(refusals(text)[0]).toMatch(/IMPORT_INVALID .*(constructor\.prototype|__proto__), which is not allowed/);
  }
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
  expect("polluted" in {}).toBe(false);
});

test("A7: names of object members as node ids", () => {
  expect(Object.keys(accepted(withNode("constructor", { type: "store", version: 1 })).value.pipeline.nodes)).toContain("constructor");
  for (const slug of ["toString", "hasOwnProperty", "valueOf"]) {
    expect(refusals(withNode(slug, { type: "store", version: 1 }))[0]).toContain(`the node id "${slug}" is not of the form`);
    expect(refusals(withNode("extra", { type: slug, version: 1 }))).toEqual([]);
    expect(refusals(withEdges({ from: "orders.out", to: `${slug}.in` }))[0]).toContain("is not of the form node.port");
  }
  expect(refusals(withEdges({ from: "constructor.out", to: "valueof.in" }))[0]).toContain('there is no node "constructor"');
});

test("A8: lists nested 10,000 deep, in less than 50 ms", () => {
  const text = `{"formatVersion":1,"pipeline":${"[".repeat(10_000)}`;
  const start = performance.now();
  expect(refusals(text)).toEqual(["TOO_DEEP The file is nested more than 64 levels deep."]);
  expect(performance.now() - start).toBeLessThan(50);
});

test("A11: a key that stands twice", () => {
  const text = JSON.stringify(smallDocument()).replace('"name":"Orders"', '"name":"Orders","name":"Other"');
  expect(refusals(text)[0]).toMatch(/pipeline has more than one member "name", the second at line 1, column \d+/);
});

test("A12: two nodes with one id", () => {
  const text = JSON.stringify(smallDocument()).replace('"kept":', '"kept":{"type":"store","version":1},"kept":');
  expect(refusals(text)[0]).toMatch(/two nodes have the id "kept", the second at line 1, column \d+/);
});

test.each([
  [{ from: "orders.out", to: "nowhere.in" }, 'there is no node "nowhere"'],
  [{ from: "nobody.out", to: "kept.in" }, 'there is no node "nobody"'],
  [{ from: "orders.left", to: "kept.in" }, 'orders has no output port "left"; there are out, dead_letter'],
  [{ from: "orders.dead_letter", to: "kept.here" }, 'kept has no input port "here"; there is in'],
  [{ from: "orders.dead_letter", to: "orders.in" }, "it leads from orders back to orders"],
  [{ from: "orders", to: "kept.in" }, '"orders" is not of the form node.port'],
  [{ from: "orders.out.x", to: "kept.in" }, '"orders.out.x" is not of the form node.port'],
])("A13: the edge %j", (edge, reason) => {
  const result = parse(withEdges(edge));
  expect(result).toMatchObject({ ok: false, diagnostics: [{ code: "IMPORT_INVALID", place: { edge } }] });
  expect(refusals(withEdges(edge))[0]).toContain(reason);
});

test("A16: two edges into a port that takes one", () => {
  expect(refusals(withEdges({ from: "orders.dead_letter", to: "large.in" }))[0]).toContain(
    "large.in takes one edge only and has one from orders.dead_letter already",
  );
  const merged = smallDocument({ ...smallNodes, all: { type: "merge", version: 1 } }, [
    { from: "orders.out", to: "all.in" },
    { from: "large.out", to: "all.in" },
  ]);
  expect(refusals(merged)).toEqual([]);
});

test("A17: edges against the direction", () => {
  expect(refusals(withEdges({ from: "large.in", to: "kept.in" }))[0]).toContain("it starts at large.in, which is an input port");
  expect(refusals(withEdges({ from: "orders.dead_letter", to: "totals.late" }))[0]).toContain(
    "it ends at totals.late, which is an output port",
  );
  expect(refusals(withEdges({ from: "kept.out", to: "large.in" }))[0]).toContain("kept has no output");
});

test("cycles are named, from the smallest id on", () => {
  const nodes = Object.fromEntries(["a", "b", "c", "d"].map((slug) => [slug, { type: "merge", version: 1 }]));
  const edges = ["a>b", "b>c", "c>a", "c>d"].map((pair) => ({ from: `${pair[0]}.out`, to: `${pair[2]}.in` }));
  expect(refusals(smallDocument(nodes, edges))).toEqual([
    "IMPORT_INVALID This cannot be opened as a Millrace pipeline: the edge c.out → a.in cannot be: it closes a cycle: a → b → c → a.",
  ]);
});

test("an edge that stands twice", () => {
  expect(refusals(withEdges(smallEdges[0]))[0]).toContain("it stands twice");
});

test("A18: unknown types and newer versions become disabled placeholders, and their edges stay", () => {
  const document = smallDocument(
    {
      ...smallNodes,
      teleport: { type: "teleport", version: 1, params: { far: true } },
      large: { type: "filter", version: 9, params: { x: 1 } },
    },
    [...smallEdges, { from: "orders.out", to: "teleport.anything" }],
  );
  const { value, warnings } = accepted(document);
  expect(value.pipeline.nodes.teleport).toMatchObject({ type: "teleport", disabled: true, params: { far: true } });
  expect(value.pipeline.nodes.large).toMatchObject({ version: 9, disabled: true, params: { x: 1 } });
  expect(value.pipeline.edges).toHaveLength(4);
  expect(warnings.map((found) => [found.code, found.place.node])).toEqual([
    ["NODE_VERSION_NEWER", "large"],
    ["NODE_TYPE_UNKNOWN", "teleport"],
  ]);
});

test("A21: plain-text secrets are left out, with a warning that does not repeat them", () => {
  const feed = {
    type: "feed",
    version: 2,
    params: {
      ...feedParams,
      password: "Tr0ub4dor&3",
      headers: { "X-Api-Key": "abc123", Accept: "text/plain" },
      auth: { accessToken: "abc123", list: [{ clientSecret: "abc123" }] },
      mirror: "https://joe:abc123@host/x",
    },
  };
  const { value, warnings } = accepted(smallDocument({ ...smallNodes, orders: feed }));
  expect(JSON.stringify([value, warnings])).not.toMatch(/abc123|Tr0ub4dor/);
  expect(warnings.map((found) => [found.code, found.place.param])).toEqual([
    ["SECRET_STRIPPED", "password"],
    ["SECRET_STRIPPED", "headers.X-Api-Key"],
    ["SECRET_STRIPPED", "auth.accessToken"],
    ["SECRET_STRIPPED", "auth.list.0.clientSecret"],
    ["SECRET_STRIPPED", "mirror"],
  ]);
  expect(value.pipeline.nodes.orders.params).toMatchObject({ path: "orders.jsonl", headers: { Accept: "text/plain" } });
});

test("A21: names of secrets, and fields that happen to be called password, stay", () => {
  const params = { ...feedParams, password: "smtp_password", fields: [{ name: "password", type: "string" }], timeField: null };
  const { value, warnings } = accepted(smallDocument({ ...smallNodes, orders: { type: "feed", version: 2, params } }));
  expect(warnings).toEqual([]);
  expect(value.pipeline.nodes.orders.params).toEqual(params);
});

test("A22: a $secret object", () => {
  const document = withNode("extra", { type: "feed", version: 2, params: { password: { $secret: "../../x" } } });
  expect(refusals(document)[0]).toContain("pipeline.nodes.extra.params.password holds a $secret object");
});

test("A23: positions that are no place are made finite, and the document opens", () => {
  const layout = {
    nodes: { orders: { x: "12", y: "NaN" }, large: { x: 1e308, y: -1e308 }, totals: { x: 3 }, ghost: { x: 0, y: 0 }, kept: "left" },
    notes: [{ id: "n", text: "hello", x: null, y: 2 }, 5],
    viewport: { zoom: 3 },
  };
  const { value, warnings } = accepted(smallDocument(smallNodes, smallEdges, { layout }));
  expect(value.layout).toEqual({
    nodes: { orders: { x: 12, y: 0 }, large: { x: 1_000_000, y: -1_000_000 }, totals: { x: 3, y: 0 } },
    notes: [{ id: "n", text: "hello", x: 0, y: 2, width: 240, height: 120 }],
  });
  expect(warnings.map((found) => found.code)).toEqual(["LAYOUT_REPAIRED"]);
  expect(
    refusals(
      JSON.stringify(smallDocument(smallNodes, smallEdges, { layout: { nodes: { kept: { x: 0, y: 0 } } } })).replace('"x":0', '"x":NaN'),
    )[0],
  ).toContain('a value was expected, but there is "NaN');
});

test.each(["layout", "nodes", "notes"])("A23: %s that is not what it should be", (part) => {
  for (const bad of [null, [], "x", 5]) {
    const layout = part === "layout" ? bad : { [part]: bad };
    expect(accepted(smallDocument(smallNodes, smallEdges, { layout })).value.layout).toEqual({ nodes: {}, notes: [] });
  }
});

test("A26, A27: parameters are kept as they are, for the checker to name", () => {
  for (const size of ["0s", "-1", "5m; drop", "1e15", 0, -1]) {
    const { value } = accepted(withNode("totals", { type: "window", version: 1, params: { size } }));
    expect(value.pipeline.nodes.totals.params).toEqual({ size });
  }
});

test.each([
  ["name: orders\nnodes:\n  - a\n", "YAML"],
  ["---\nname: orders\n", "YAML"],
  ["id,name,amount\n1,a,2\n", "CSV"],
  ["<!DOCTYPE html><html></html>", "HTML or XML"],
  ["PK\x03\x04\x14\x00\x00", "a zip archive"],
  ["\ufffdPNG\r\n\x1a\n\x00\x00", "a PNG image"],
  ["\x1f\ufffd\x08\x00", "a gzip archive"],
  ["%PDF-1.7\n%", "a PDF document"],
  ['{\0"\0f\0', "binary data or UTF-16 text"],
])("A32: %j is recognised as %s", (text, what) => {
  expect(refusals(text)).toHaveLength(1);
  expect(refusals(text)[0]).toMatch(/^IMPORT_INVALID /);
  expect(refusals(text)[0]).toContain(what);
});

test("A33: exports of other tools", () => {
  const nodeRed = [
    { id: "1", type: "tab", label: "Flow 1" },
    { id: "2", type: "inject", wires: [["3"]] },
  ];
  const n8n = { name: "w", nodes: [{ name: "Start", type: "n8n-nodes-base.start" }], connections: { Start: { main: [] } }, active: false };
  expect(refusals(nodeRed)).toEqual([
    "IMPORT_INVALID This cannot be opened as a Millrace pipeline: this is a Node-RED flow, not a Millrace pipeline.",
  ]);
  expect(refusals({ flows: nodeRed, rev: "1" })[0]).toContain("Node-RED");
  expect(refusals(n8n)).toEqual([
    "IMPORT_INVALID This cannot be opened as a Millrace pipeline: this is an n8n workflow, not a Millrace pipeline.",
  ]);
});

test("a text over 2 MB", () => {
  const text = JSON.stringify(smallDocument(smallNodes, smallEdges, { layout: { notes: "x".repeat(documentLimits.maxBytes) } }));
  expect(refusals(text)[0]).toBe(`TOO_LARGE The file is ${text.length} bytes long; the limit is 2097152 bytes.`);
});

test("a newer format is refused with both versions", () => {
  expect(refusals({ ...smallDocument(), formatVersion: 7 })).toEqual([
    "FORMAT_TOO_NEW This pipeline has format version 7; this version of Millrace reads format versions up to 1.",
  ]);
  for (const formatVersion of [0, 1.5, "1", null]) {
    expect(refusals({ ...smallDocument(), formatVersion })[0]).toContain("IMPORT_INVALID");
  }
});

test("older versions of a node are migrated", () => {
  const { path, ...rest } = feedParams;
  const params = { ...rest, password: "smtp_password", file: path };
  const { value, warnings } = accepted(smallDocument({ ...smallNodes, orders: { type: "feed", version: 1, params } }));
  expect(warnings).toEqual([]);
  expect(value.pipeline.nodes.orders).toMatchObject({ version: 2, params: { ...feedParams, password: "smtp_password" }, disabled: false });
});

test.each<[string, (document: JsonObject & { pipeline: JsonObject }) => JsonValue, string]>([
  ["an unknown member of the document", (d) => ({ ...d, extra: 1 }), 'the document has a member "extra"'],
  [
    "an unknown member of the pipeline",
    (d) => ({ ...d, pipeline: { ...d.pipeline, status: "RUNNING" } }),
    'pipeline has a member "status"',
  ],
  [
    "an unknown member of a node",
    (d) => ({ ...d, pipeline: { ...d.pipeline, nodes: { a: { type: "store", version: 1, x: 1 } } } }),
    'pipeline.nodes.a has a member "x"',
  ],
  ["no pipeline", (d) => ({ formatVersion: d.formatVersion }), "pipeline is missing"],
  ["nodes as a list", (d) => ({ ...d, pipeline: { ...d.pipeline, nodes: [] } }), "pipeline.nodes is an empty list"],
  ["a node that is null", (d) => ({ ...d, pipeline: { ...d.pipeline, nodes: { a: null } } }), "pipeline.nodes.a is null"],
  [
    "params as a text",
    (d) => ({ ...d, pipeline: { ...d.pipeline, nodes: { a: { type: "store", version: 1, params: "x" } } } }),
    'pipeline.nodes.a.params is the text "x"',
  ],
  [
    "a label that is a number",
    (d) => ({ ...d, pipeline: { ...d.pipeline, nodes: { a: { type: "store", version: 1, label: 5 } } } }),
    "pipeline.nodes.a.label is the number 5",
  ],
  [
    "a version that is a text",
    (d) => ({ ...d, pipeline: { ...d.pipeline, nodes: { a: { type: "store", version: "1" } } } }),
    "pipeline.nodes.a.version is the text",
  ],
  [
    "disabled as a text",
    (d) => ({ ...d, pipeline: { ...d.pipeline, nodes: { a: { type: "store", version: 1, disabled: "no" } } } }),
    "pipeline.nodes.a.disabled is the text",
  ],
  ["edges as an object", (d) => ({ ...d, pipeline: { ...d.pipeline, edges: {} } }), "pipeline.edges is an object"],
  ["an edge that is a text", (d) => ({ ...d, pipeline: { ...d.pipeline, edges: ["a>b"] } }), "pipeline.edges.0 is the text"],
  [
    "an edge without an end",
    (d) => ({ ...d, pipeline: { ...d.pipeline, edges: [{ from: "orders.out" }] } }),
    "pipeline.edges.0.to is missing",
  ],
  ["an id with a path in it", (d) => ({ ...d, pipeline: { ...d.pipeline, id: "../x" } }), 'pipeline.id is the text "../x"'],
  [
    "a bad interval",
    (d) => ({ ...d, pipeline: { ...d.pipeline, settings: { checkpointInterval: "5 apples" } } }),
    'pipeline.settings.checkpointInterval is the text "5 apples", where a duration from 100ms to 1h',
  ],
])("refuses %s", (_, change, reason) => {
  const document = smallDocument() as JsonObject & { pipeline: JsonObject };
  const found = refusals(change(document));
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(`IMPORT_INVALID This cannot be opened as a Millrace pipeline: ${reason}`);
});

test("thousands of problems give a bounded answer", () => {
  const nodes = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`N${i}`, {}]));
  const found = refusals(smallDocument(nodes, []));
  expect(found).toHaveLength(51);
  expect(found[50]).toContain("4950 more problems");
});

test.each([
  ["commas", `${",".repeat(1_000_000)}{`],
  ["brackets", "[".repeat(2_000_000)],
  ["spaces", `${" ".repeat(2_000_000)}x`],
  ["quotes", '"'.repeat(2_000_000)],
  ["escapes", `"${"\\n".repeat(900_000)}`],
  ["digits", "9".repeat(2_000_000)],
  ["addresses", JSON.stringify(withNode("x", { type: "store", version: 1, params: { a: `a://${":".repeat(1_900_000)}` } }))],
  ["members", `{${Array.from({ length: 150_000 }, (_, i) => `"k${i}":0`).join(",")}}`],
])("two million characters of %s are answered in well under two seconds", (_, text) => {
  const start = performance.now();
  const result = parse(text);
  expect(performance.now() - start).toBeLessThan(1000);
  expect(JSON.stringify(result.ok ? result.warnings : result.diagnostics).length).toBeLessThan(50_000);
});

test("a large graph is read in well under two seconds", () => {
  const slugs = Array.from({ length: 8000 }, (_, i) => `n${i}`);
  const nodes = Object.fromEntries(slugs.map((slug) => [slug, { type: "merge", version: 1 }]));
  const edges = slugs.slice(1).map((slug, i) => ({ from: `${slugs[i]}.out`, to: `${slug}.in` }));
  const start = performance.now();
  accepted(smallDocument(nodes, edges));
  refusals(smallDocument(nodes, [...edges, { from: `n7999.out`, to: "n0.in" }]));
  expect(performance.now() - start).toBeLessThan(2000);
});
