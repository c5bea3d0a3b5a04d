import { defaultSettings, type PipelineDocument } from "@millrace/engine";
import { describe, expect, test } from "vitest";
import { applySettings, parseSetting } from "./set-params.ts";

const document: PipelineDocument = {
  formatVersion: 1,
  pipeline: {
    id: "p",
    name: "p",
    description: "",
    settings: defaultSettings,
    nodes: { source: { type: "file-source", version: 1, label: "", params: { path: "a", replay: { mode: "fast" } }, disabled: false } },
    edges: [],
    tests: [],
  },
  layout: { nodes: {}, notes: [] },
};

const paramsAfter = (...settings: string[]): unknown => applySettings(document, settings.map(parseSetting)).pipeline.nodes.source.params;

describe("a setting", () => {
  test("replaces one parameter, nested or new, and leaves the rest", () => {
    expect(paramsAfter("source.path=b=c.ndjson", "source.replay.speed=60", "source.follow=true", "source.path2=5m")).toEqual({
      path: "b=c.ndjson",
      replay: { mode: "fast", speed: 60 },
      follow: true,
      path2: "5m",
    });
    expect(document.pipeline.nodes.source.params).toEqual({ path: "a", replay: { mode: "fast" } });
  });

  test("with a special name is plain data", () => {
    const params = applySettings(document, [parseSetting("source.__proto__.x=1")]).pipeline.nodes.source.params;
    expect(JSON.stringify(params)).toBe('{"path":"a","replay":{"mode":"fast"},"__proto__":{"x":1}}');
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test("of no form, or for a node that is not there, says what to do", () => {
    expect(() => parseSetting("source=1")).toThrow(/node\.param=value/);
    expect(() => paramsAfter("sauce.path=b")).toThrow(/does not have\. Its nodes are source\./);
  });
});
