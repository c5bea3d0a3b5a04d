import { type JsonObject, type OperatorOutput, param, type Source } from "@millrace/engine";
import type { z } from "zod";
import type { GeneratorOptions } from "../generators/generator-options.ts";
import { parseStart } from "../generators/start-time.ts";
import { streamFields, timeField } from "../generators/stream-fields.ts";
import { numberWords } from "../words/number-words.ts";
import { alignmentOf, alignmentParams } from "./event-time-params.ts";
import { onSourcePorts } from "./source-outputs.ts";

const startAndEnd = param.group(
  { label: "Start and end", advanced: true },
  {
    start: param.text({
      label: "Event time starts at",
      default: "",
      placeholder: "2026-01-01T00:00:00Z",
      maxLength: 40,
      help: "ISO 8601. Empty: the time of the deployment.",
    }),
    count: param.number({ label: "End after", default: 0, min: 0, integer: true, unit: "records", help: "0: never." }),
  },
);

function disturbances(disorder: string) {
  return param.group(
    { label: "Disorder", advanced: true },
    {
      disorder: param.duration({
        label: "Out of order by at most",
        default: disorder,
        maxMs: 86_400_000,
        help: "Also the disorder of the watermark, so these records are on time.",
      }),
      lateShare: param.number({
        label: "Late records",
        default: 0,
        min: 0,
        max: 0.9,
        help: "Share of the records that come after the watermark has passed them.",
      }),
      lateBy: param.duration({ label: "Late by up to", default: "10m", minMs: 1, maxMs: 7 * 86_400_000 }),
      duplicateShare: param.number({
        label: "Duplicates",
        default: 0,
        min: 0,
        max: 0.9,
        help: "Share of the records that repeat an earlier one.",
      }),
      malformedShare: param.number({
        label: "Malformed records",
        default: 0,
        min: 0,
        max: 0.9,
        help: "Share of the records that go to the dead letters.",
      }),
    },
  );
}

/** Parameters that every generator has after its own. */
export function generatorParams(defaults: { readonly ratePerSecond: number; readonly disorder: string }) {
  return {
    rate: param.number({
      label: "Records per second",
      default: defaults.ratePerSecond,
      min: 0.001,
      max: 1_000_000,
      help: "On average, per second of event time.",
    }),
    pace: param.group(
      { label: "Speed" },
      {
        mode: param.choice({
          label: "Event time passes",
          default: "paced",
          options: [
            { value: "paced", label: "In step with the clock" },
            { value: "fast", label: "As fast as possible", help: "For load tests: as fast as the pipeline can follow." },
          ],
        }),
        speed: param.number({
          label: "Speed-up",
          default: 60,
          min: 0.001,
          max: 1_000_000,
          unit: "×",
          help: "60: a minute of event time each second.",
          visibleWhen: { param: "mode", equals: ["paced"] },
        }),
      },
    ),
    seed: param.number({
      label: "Seed",
      default: 1,
      min: 0,
      max: 0xffff_ffff,
      integer: true,
      advanced: true,
      help: "The same seed makes the same records.",
    }),
    range: startAndEnd,
    disturbances: disturbances(defaults.disorder),
    ...alignmentParams,
  };
}

interface GeneratorParams {
  readonly maxDrift: number | null;
  readonly driftGroup: string;
  readonly rate: number;
  readonly pace: { readonly mode: "paced" | "fast"; readonly speed: number };
  readonly seed: number;
  readonly range: { readonly start: string; readonly count: number };
  readonly disturbances: {
    readonly disorder: number;
    readonly lateShare: number;
    readonly lateBy: number;
    readonly duplicateShare: number;
    readonly malformedShare: number;
  };
}

/** Refuses a start that is no time; for `superRefine`. */
export function checkStart(params: GeneratorParams, context: z.RefinementCtx): void {
  const start = params.range.start.trim();
  if (start === "" || parseStart(start) !== null) return;
  const message = `"${start}" is not a time; write it as 2026-01-01 or 2026-01-01T08:30:00Z.`;
  context.addIssue({ code: "custom", path: ["range", "start"], message });
}

/** `1 800 records/s, 60× speed`; records as the clock sees them. */
export function generatorHeadline(params: GeneratorParams): string {
  const { mode, speed } = params.pace;
  if (mode === "fast") return `${numberWords(params.rate)}/s of event time, full speed`;
  const perSecond = Number((params.rate * speed).toPrecision(3));
  return speed === 1 ? `${numberWords(perSecond)} records/s` : `${numberWords(perSecond)} records/s, ${numberWords(speed)}× speed`;
}

/** A generator on the ports of its node; `own` are the options of its kind alone. */
export function lowerGenerator(kind: GeneratorOptions["kind"], params: GeneratorParams, own: JsonObject): Record<string, OperatorOutput> {
  const { pace, range, disturbances: mess } = params;
  const source: Source = {
    op: "source",
    connector: "generator",
    options: {
      kind,
      seed: params.seed,
      ratePerSecond: params.rate,
      speed: pace.mode === "fast" ? null : pace.speed,
      start: range.start.trim() === "" ? null : range.start.trim(),
      count: range.count === 0 ? null : range.count,
      disorderMs: mess.disorder,
      lateShare: mess.lateShare,
      lateByMs: mess.lateBy,
      duplicateShare: mess.duplicateShare,
      malformedShare: mess.malformedShare,
      ...own,
    },
    format: { kind: "columns" },
    fields: streamFields[kind],
    timeField,
    watermark: { kind: "bounded", disorderMs: mess.disorder, idleTimeoutMs: null, nullTime: "drop", ...alignmentOf(params) },
    pace: null,
  };
  return onSourcePorts(source);
}
