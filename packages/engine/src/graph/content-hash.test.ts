import { expect, test } from "vitest";
import { smallCatalogue } from "../node/small-catalogue.fixture.ts";
import type { JsonObject } from "../types/json-value.ts";
import { contentHash } from "./content-hash.ts";
import { parsePipeline } from "./parse-pipeline.ts";
import { smallDocument, smallEdges, smallNodes } from "./small-document.fixture.ts";

function hash(document: JsonObject): string {
  const result = parsePipeline(JSON.stringify(document), smallCatalogue);
  if (!result.ok) throw new Error(result.diagnostics[0].message);
  return contentHash(result.value.pipeline, smallCatalogue);
}

const plain = smallDocument();
const pipeline = plain.pipeline as JsonObject;
const store = { type: "store", version: 1 };

test("is 64 hex digits and stays what it is from release to release", () => {
  expect(hash(plain)).toMatch(/^[0-9a-f]{64}$/);
  expect(hash(plain)).toBe("0422886e73fcc042b88ece463fe82a4a6a0dd996faafef9a13db26eda95dd009");
});

test.each<[string, JsonObject]>([
  ["moving nodes", smallDocument(smallNodes, smallEdges, { layout: { nodes: { kept: { x: 5, y: 5 } } } })],
  ["renaming and describing the pipeline", { ...plain, pipeline: { ...pipeline, id: "other", name: "Other", description: "x" } }],
  ["labels", smallDocument({ ...smallNodes, kept: { ...store, label: "Archive" } })],
  ["tests", { ...plain, pipeline: { ...pipeline, tests: [{}] } }],
  [
    "defaults that are spelled out",
    smallDocument({ ...smallNodes, kept: { ...store, disabled: false, params: { url: "https://store.example/" } } }),
  ],
])("%s does not change it", (_, document) => {
  expect(hash(document)).toBe(hash(plain));
});

test.each<[string, JsonObject]>([
  ["a param", smallDocument({ ...smallNodes, large: { type: "filter", version: 1, params: { where: "amount > 99" } } })],
  ["disabling a node", smallDocument({ ...smallNodes, kept: { ...store, disabled: true } })],
  ["an edge", smallDocument(smallNodes, smallEdges.slice(1))],
  ["another slug", smallDocument({ ...smallNodes, spare: store })],
  ["settings", { ...plain, pipeline: { ...pipeline, settings: { checkpointInterval: "5s" } } }],
])("%s changes it", (_, document) => {
  expect(hash(document)).not.toBe(hash(plain));
});
