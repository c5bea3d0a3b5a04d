import { importReasons } from "../diagnostics/import-reasons.ts";
import { keyGroups } from "../parallel/key-groups.ts";
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
  /** Where keyed state is: all of it in `memory`, or what does not fit on `disk`, of operators that can. Default `memory`. */
  readonly state: (typeof stateModes)[number];
  /** Over how many workers (threads) decoding and keyed operators are spread, as far as the pipeline can be. Default 1. */
  readonly parallelism: number;
}

/** What a pipeline can promise its sinks. */
export const deliveryModes = ["exactly-once", "at-least-once"] as const;

/** Where a pipeline can keep its state. */
export const stateModes = ["memory", "disk"] as const;

/** Settings of a pipeline that says nothing about them. */
export const defaultSettings: PipelineSettings = { checkpointIntervalMs: 1000, delivery: "exactly-once", state: "memory", parallelism: 1 };

/** Shortest and longest time between checkpoints, ms. */
export const checkpointIntervalLimits = { minMs: 100, maxMs: 3_600_000 } as const;

/** Most workers of a pipeline: as many as there are groups of keys. */
export const parallelismLimits = { min: 1, max: keyGroups } as const;

/** Settings as JSON Schema. */
export const settingsSchema: Readonly<Record<keyof JsonSettings, JsonObject>> = {
  checkpointInterval: { type: "string", description: "A duration such as 1s or 500ms." },
  delivery: { enum: [...deliveryModes] },
  state: { enum: [...stateModes] },
  parallelism: { type: "integer", minimum: parallelismLimits.min, maximum: parallelismLimits.max },
};

/** Settings as they stand in a document. */
interface JsonSettings {
  readonly checkpointInterval?: string;
  readonly delivery?: string;
  readonly state?: string;
  readonly parallelism?: number;
}

/** Reads the settings of a document; what is not there has its default. */
export function readSettings(value: JsonValue | undefined, reader: DocumentReader): PipelineSettings {
  if (value === undefined) return defaultSettings;
  const settings = reader.object(value, "pipeline.settings", Object.keys(settingsSchema)) ?? {};
  return {
    checkpointIntervalMs: readInterval(settings.checkpointInterval, reader),
    delivery: readChoice("delivery", deliveryModes, settings.delivery, reader),
    state: readChoice("state", stateModes, settings.state, reader),
    parallelism: readParallelism(settings.parallelism, reader),
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

function readParallelism(value: JsonValue | undefined, reader: DocumentReader): number {
  if (value === undefined) return defaultSettings.parallelism;
  const { min, max } = parallelismLimits;
  if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return value;
  refuse(reader, "parallelism", value, `a whole number from ${min} to ${max}`);
  return defaultSettings.parallelism;
}

function readChoice<N extends "delivery" | "state">(
  name: N,
  choices: readonly PipelineSettings[N][],
  value: JsonValue | undefined,
  reader: DocumentReader,
): PipelineSettings[N] {
  if (value === undefined) return defaultSettings[name];
  const chosen = choices.find((known) => known === value);
  if (chosen === undefined) refuse(reader, name, value, choices.map((known) => `"${known}"`).join(" or "));
  return chosen ?? defaultSettings[name];
}

function refuse(reader: DocumentReader, name: keyof JsonSettings, found: JsonValue, expected: string): void {
  const what = `pipeline.settings.${name}`;
  reader.refuse(importReasons.wrongType({ what, expected, found }), { path: what });
}

/** Settings as a document holds them: without defaults; undefined when nothing is left. */
export function canonicalSettings(settings: PipelineSettings): JsonObject | undefined {
  const { checkpointIntervalMs, delivery, state, parallelism } = settings;
  const written = members({
    checkpointInterval: checkpointIntervalMs === defaultSettings.checkpointIntervalMs ? undefined : writeDuration(checkpointIntervalMs),
    delivery: delivery === defaultSettings.delivery ? undefined : delivery,
    state: state === defaultSettings.state ? undefined : state,
    parallelism: parallelism === defaultSettings.parallelism ? undefined : parallelism,
  });
  return Object.keys(written).length === 0 ? undefined : written;
}
