import { importReasons } from "../diagnostics/import-reasons.ts";
import { parseDuration, writeDuration } from "../types/duration.ts";
import type { JsonObject, JsonValue } from "../types/json-value.ts";
import { type DocumentReader, members } from "./document-reader.ts";

/** What holds for a pipeline as a whole. */
export interface PipelineSettings {
  /** Time between checkpoints, ms. Default 1000. */
  readonly checkpointIntervalMs: number;
  /**
   * `exactly-once`: sinks get records with the checkpoint that holds them. `at-least-once`: at once, and again after a
   * failure. Default `exactly-once`.
   */
  readonly delivery: (typeof deliveryModes)[number];
}

/** What a pipeline can promise its sinks. */
export const deliveryModes = ["exactly-once", "at-least-once"] as const;

/** Settings of a pipeline that says nothing about them. */
export const defaultSettings: PipelineSettings = { checkpointIntervalMs: 1000, delivery: "exactly-once" };

/** Shortest and longest time between checkpoints, ms. */
export const checkpointIntervalLimits = { minMs: 100, maxMs: 3_600_000 } as const;

/** Settings as JSON Schema. */
export const settingsSchema: Readonly<Record<keyof JsonSettings, JsonObject>> = {
  checkpointInterval: { type: "string", description: "A duration such as 1s or 500ms." },
  delivery: { enum: [...deliveryModes] },
};

/** Settings as they stand in a document. */
interface JsonSettings {
  readonly checkpointInterval?: string;
  readonly delivery?: string;
}

/** Reads the settings of a document; what is not there has its default. */
export function readSettings(value: JsonValue | undefined, reader: DocumentReader): PipelineSettings {
  if (value === undefined) return defaultSettings;
  const settings = reader.object(value, "pipeline.settings", Object.keys(settingsSchema)) ?? {};
  return {
    checkpointIntervalMs: readInterval(settings.checkpointInterval, reader),
    delivery: readDelivery(settings.delivery, reader),
  };
}

function readInterval(value: JsonValue | undefined, reader: DocumentReader): number {
  if (value === undefined) return defaultSettings.checkpointIntervalMs;
  const ms = typeof value === "string" ? parseDuration(value) : null;
  const { minMs, maxMs } = checkpointIntervalLimits;
  if (ms !== null && ms >= minMs && ms <= maxMs) return ms;
  refuse(reader, "checkpointInterval", value, `a duration from ${writeDuration(minMs)} to ${writeDuration(maxMs)}, such as "1s"`);
  return defaultSettings.checkpointIntervalMs;
}

function readDelivery(value: JsonValue | undefined, reader: DocumentReader): PipelineSettings["delivery"] {
  if (value === undefined) return defaultSettings.delivery;
  const mode = deliveryModes.find((known) => known === value);
  if (mode === undefined) refuse(reader, "delivery", value, deliveryModes.map((known) => `"${known}"`).join(" or "));
  return mode ?? defaultSettings.delivery;
}

function refuse(reader: DocumentReader, name: keyof JsonSettings, found: JsonValue, expected: string): void {
  const what = `pipeline.settings.${name}`;
  reader.refuse(importReasons.wrongType({ what, expected, found }), { path: what });
}

/** Settings as a document holds them: without defaults; undefined when nothing is left. */
export function canonicalSettings(settings: PipelineSettings): JsonObject | undefined {
  const { checkpointIntervalMs, delivery } = settings;
  const written = members({
    checkpointInterval: checkpointIntervalMs === defaultSettings.checkpointIntervalMs ? undefined : writeDuration(checkpointIntervalMs),
    delivery: delivery === defaultSettings.delivery ? undefined : delivery,
  });
  return Object.keys(written).length === 0 ? undefined : written;
}
