import { expect, test } from "vitest";
import { z } from "zod";
import { smallCatalogue } from "../node/small-catalogue.fixture.ts";
import { pipelineJsonSchema } from "./json-schema.ts";
import { smallDocument } from "./small-document.fixture.ts";

// zod reads JSON Schema back, which makes it an independent judge of ours.
const schema = z.fromJSONSchema(pipelineJsonSchema(smallCatalogue) as Parameters<typeof z.fromJSONSchema>[0]);

test("takes a document", () => {
  expect(schema.safeParse(smallDocument()).error?.issues).toBeUndefined();
});

test.each([
  ["an unknown type", smallDocument({ a: { type: "teleport", version: 1 } }, [])],
  ["a param of a wrong type", smallDocument({ a: { type: "filter", version: 1, params: { where: 5 } } }, [])],
  ["an unknown param", smallDocument({ a: { type: "filter", version: 1, params: { where: "x", x: 1 } } }, [])],
  ["a missing param", smallDocument({ a: { type: "filter", version: 1 } }, [])],
  ["an edge without a port", smallDocument({}, [{ from: "a", to: "b.in" }])],
  ["an unknown member", smallDocument({}, [], { extra: 1 })],
])("refuses %s", (_, document) => {
  expect(schema.safeParse(document).success).toBe(false);
});

test("describes durations as texts with their defaults", () => {
  expect(pipelineJsonSchema(smallCatalogue)).toMatchObject({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $defs: { window: { properties: { params: { properties: { size: { type: "string", default: "5m" } } } } } },
  });
});
