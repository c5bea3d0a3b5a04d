import { type OperatorOutput, outputOf, param, type StreamType } from "@millrace/engine";
import { describe, expect, test } from "vitest";
import type { z } from "zod";
import { catalogue } from "./catalogue.ts";
import { generatorOptions } from "./generators/generator-options.ts";
import { inferFields } from "./testing/infer-fields.ts";

const upstream: OperatorOutput = outputOf({
  op: "source",
  connector: "memory",
  options: {},
  format: { kind: "columns" },
  fields: [],
  timeField: null,
  watermark: { kind: "none", disorderMs: 0, idleTimeoutMs: null, nullTime: "keep" },
  pace: null,
});

/** Parameters that are not made by the functions of `param`, with their paths. */
function unregistered(schema: z.ZodType, path: string): string[] {
  const shape = param.paramShape(schema);
  if (shape === undefined) return param.paramMeta(schema) === undefined ? [path] : [];
  return Object.entries(shape).flatMap(([name, member]) => [
    ...(param.paramMeta(member) === undefined ? [`${path}.${name}`] : []),
    ...unregistered(member, `${path}.${name}`),
  ]);
}

describe.each(catalogue.definitions.map((definition) => [definition.type, definition] as const))("%s", (type, definition) => {
  test("is named, described and documented", () => {
    expect(type).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(definition.summary).toMatch(/^[A-Z].{20,110}\.$/);
    expect(definition.docs.split("\n\n").length).toBeGreaterThanOrEqual(3);
    expect(definition.docs).toContain("**Pitfall");
    expect(definition.examples.length).toBeGreaterThan(0);
    expect(unregistered(definition.params, type)).toEqual([]);
  });

  test.each(definition.examples.map((example) => [example.title, example] as const))("example: %s", (_title, example) => {
    const parsed = definition.params.parse(example.params);
    expect(definition.headline(parsed)).toMatch(/^\S.{0,60}$/);
    const ports = typeof definition.outputs === "function" ? definition.outputs(parsed) : definition.outputs;
    const names = definition.category === "sink" ? ["sink"] : ports.map((port) => port.name);
    const inputTypes = Object.fromEntries(
      definition.inputs.map(({ name }): [string, StreamType] => [
        name,
        { fields: inferFields(example.feed[name]), time: "event", timeField: null, changelog: "append", key: [] },
      ]),
    );
    const lowered = definition.lower({
      params: parsed,
      inputs: Object.fromEntries(definition.inputs.filter((port) => port.multiple !== true).map(({ name }) => [name, upstream])),
      inputLists: Object.fromEntries(definition.inputs.filter((port) => port.multiple === true).map(({ name }) => [name, [upstream]])),
      inputTypes,
    });
    expect(Object.keys(lowered).sort()).toEqual([...names].sort());
    expect(names).toEqual(expect.arrayContaining(Object.keys(example.expect)));
  });
});

describe("params", () => {
  const refused = (type: string, params: object) =>
    catalogue
      .find(type)
      ?.params.safeParse(params)
      .error?.issues.map((issue) => issue.path.join("."));

  test.each([
    ["filter", ["where"]],
    ["map-fields", ["fields"]],
    ["key-by", ["fields"]],
    ["branch", ["branches"]],
    ["tumbling-window", ["keyBy"]],
    ["hopping-window", ["keyBy"]],
    ["deduplicate", ["keyBy"]],
    ["look-back", ["keyBy"]],
    ["top-n", ["by"]],
    ["unnest", ["field"]],
    ["sample", ["keyBy"]],
    ["rate-limit", ["keyBy"]],
    ["threshold-alert", ["keyBy", "raiseWhen"]],
    ["event-pattern", ["keyBy", "stages"]],
    ["file-source", ["path", "fields"]],
    ["file-sink", ["path"]],
    ["webhook-sink", ["url"]],
    ["log-generator", undefined],
    ["live-table", undefined],
    ["alert-inbox", undefined],
    ["union", undefined],
  ] as const)("a new %s lacks %o", (type, missing) => {
    expect(refused(type, {})).toEqual(missing);
  });

  test.each([
    ["hopping-window", { keyBy: [], size: "1m", slide: "2m" }, ["slide"]],
    ["hopping-window", { keyBy: [], size: "1m", slide: "1m", offset: "1m" }, ["offset"]],
    ["tumbling-window", { keyBy: [], size: "1m", offset: "90s" }, ["offset"]],
    ["tumbling-window", { keyBy: [], size: "0s" }, ["size"]],
    ["look-back", { keyBy: [], range: "0s" }, ["range"]],
    ["deduplicate", { keyBy: [] }, ["keyBy"]],
    ["top-n", { by: "n", size: "1m", offset: "1m" }, ["offset"]],
    ["unnest", { field: "list", as: "", position: "a b" }, ["as", "position"]],
    ["sample", { keyBy: ["id"], percent: 101 }, ["percent"]],
    ["rate-limit", { keyBy: [], limit: 0 }, ["limit"]],
    ["tumbling-window", { keyBy: [], aggregates: [{ as: "m", fn: "variance" }] }, ["aggregates.0.fn"]],
    ["webhook-sink", { url: "https://user:pw@example.com" }, ["url"]],
    ["webhook-sink", { url: "https://example.com", retries: 1e9 }, ["retries"]],
    ["log-generator", { rate: 0 }, ["rate"]],
    ["crm-generator", { range: { start: "2026-01-01T10:00" } }, ["range.start"]],
    ["file-source", { path: "a", fields: [{ name: "a", type: "string" }], format: { kind: "csv", delimiter: "" } }, ["format.delimiter"]],
    ["log-generator", { where: "x" }, [""]],
  ] as const)("%s refuses %o", (type, params, paths) => {
    expect(refused(type, params)).toEqual(paths);
  });
});

test.each(["log-generator", "click-generator", "payment-generator", "crm-generator"])(
  "%s lowers to options that its connector takes",
  (type) => {
    const definition = catalogue.find(type);
    const lowered = definition?.lower({ params: definition.params.parse({}), inputs: {}, inputLists: {}, inputTypes: {} }).out;
    const operator = lowered !== undefined && "operator" in lowered ? lowered.operator : lowered;
    if (operator?.op !== "source") throw new Error("a generator lowers to a source");
    const options = generatorOptions.parse(operator.options);
    for (const name of Object.keys(operator.options)) expect(options).toHaveProperty(name);
    expect(operator.watermark.disorderMs).toBe(options.disorderMs);
    expect(JSON.parse(JSON.stringify(operator.options))).toEqual(operator.options);
  },
);
