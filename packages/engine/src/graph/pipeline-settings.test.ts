import { expect, it } from "vitest";
import { createCatalogue } from "../node/catalogue.ts";
import type { JsonObject } from "../types/json-value.ts";
import { parsePipeline } from "./parse-pipeline.ts";
import { defaultSettings } from "./pipeline-settings.ts";
import { writePipeline } from "./write-pipeline.ts";

const catalogue = createCatalogue([]);

function parse(settings: JsonObject | undefined) {
  const pipeline = { id: "p", name: "P", ...(settings === undefined ? {} : { settings }), nodes: {}, edges: [] };
  return parsePipeline(JSON.stringify({ formatVersion: 1, pipeline, layout: { nodes: {} } }), catalogue);
}

it.each([
  [undefined, defaultSettings, undefined],
  [{}, defaultSettings, undefined],
  [{ delivery: "exactly-once", checkpointInterval: "1s" }, defaultSettings, undefined],
  [{ delivery: "at-least-once" }, { ...defaultSettings, delivery: "at-least-once" }, { delivery: "at-least-once" }],
  [
    { delivery: "at-least-once", checkpointInterval: "60s" },
    { ...defaultSettings, checkpointIntervalMs: 60_000, delivery: "at-least-once" },
    { checkpointInterval: "1m", delivery: "at-least-once" },
  ],
  [{ state: "memory" }, defaultSettings, undefined],
  [{ parallelism: 1 }, defaultSettings, undefined],
  [{ parallelism: 4 }, { ...defaultSettings, parallelism: 4 }, { parallelism: 4 }],
  [{ state: "disk" }, { ...defaultSettings, state: "disk" }, { state: "disk" }],
])("reads the settings %j and writes what is not a default", (settings, expected, written) => {
  const parsed = parse(settings);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  expect(parsed.value.pipeline.settings).toEqual(expected);
  expect(JSON.parse(writePipeline(parsed.value, catalogue)).pipeline.settings).toEqual(written);
});

it.each([
  [{ delivery: "sometimes" }, /pipeline\.settings\.delivery.*"exactly-once" or "at-least-once"/],
  [{ state: "cloud" }, /pipeline\.settings\.state.*"memory" or "disk"/],
  [{ delivery: 1 }, /pipeline\.settings\.delivery/],
  [{ parallelism: 0 }, /pipeline\.settings\.parallelism.*from 1 to 16/],
  [{ parallelism: 1.5 }, /pipeline\.settings\.parallelism/],
  [{ checkpointInterval: "1ms" }, /pipeline\.settings\.checkpointInterval.*100ms to 1h/],
  [{ other: 1 }, /other/],
])("refuses the settings %j", (settings, words) => {
  const parsed = parse(settings);
  expect(parsed.ok).toBe(false);
  expect(parsed.ok ? "" : parsed.diagnostics.map(({ message }) => message).join("\n")).toMatch(words);
});
