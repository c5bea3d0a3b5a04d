import { z } from "zod";

const share = z.number().min(0).max(0.9);
const positiveMs = z.number().positive();

/** What all streams have in common. Every member but `kind` has a default. */
const common = {
  /** Two generators with the same seed and settings make the same records. */
  seed: z.int().min(0).max(0xffff_ffff).default(1),
  /** Mean number of original records per second of event time. */
  ratePerSecond: z.number().min(0.001).max(1_000_000).default(30),
  /** Event-time seconds per second of the clock; null = as fast as possible. */
  speed: z.number().positive().nullable().default(1),
  /** Event time of the start: ms since the epoch, or ISO 8601; null = the clock's time when the source is first opened. */
  start: z.union([z.number(), z.string()]).nullable().default(null),
  /** Ends after this many records, duplicates and malformed ones included; null = never. */
  count: z.int().positive().nullable().default(null),
  /** On-time records are at most this much older than the newest before them. */
  disorderMs: z.number().min(0).default(0),
  /** Share of all records that repeat an earlier one. */
  duplicateShare: share.default(0),
  /** Share of the original records that are older than the disorder allows. */
  lateShare: share.default(0),
  /** Late records are between half of this and all of this older than the disorder allows. */
  lateByMs: positiveMs.default(600_000),
  /** Share of the original records that cannot be decoded and go to the dead letters. */
  malformedShare: share.default(0),
  /** Length of the wave of the load, in event time: a "day". */
  seasonMs: positiveMs.default(3_600_000),
  /** How far the load swings around its mean: 0.3 = from 70 % to 130 %. */
  swing: z.number().min(0).max(0.9).default(0.3),
};

const logs = z.object({
  kind: z.literal("logs"),
  ...common,
  /** Share of the requests that fail for no particular reason. */
  errorShare: share.default(0.01),
  /** Event time between the starts of two spikes; the first comes after a quarter of it. null = no spikes. */
  spikeEveryMs: positiveMs.nullable().default(1_800_000),
  /** Mean number of extra errors of the failing service in one spike. */
  spikeErrors: z.number().positive().default(240),
});

const clicks = z.object({ kind: z.literal("clicks"), ...common });

const payments = z.object({
  kind: z.literal("payments"),
  ...common,
  /** How many customers there are; the CRM stream with the same seed and number describes the same ones. */
  customers: z.int().min(10).max(1_000_000).default(20_000),
  /** Event time between two bursts of card testing; the first comes after a quarter of it. null = none. */
  burstEveryMs: positiveMs.nullable().default(600_000),
});

const crm = z.object({ kind: z.literal("crm"), ...common, customers: z.int().min(10).max(1_000_000).default(20_000) });

/** Options of the connector `generator`, as nodes lower them into a source. Unknown members are ignored. */
export const generatorOptions = z.discriminatedUnion("kind", [logs, clicks, payments, crm]);

export type GeneratorOptions = z.infer<typeof generatorOptions>;
export type LogOptions = z.infer<typeof logs>;
export type ClickOptions = z.infer<typeof clicks>;
export type PaymentOptions = z.infer<typeof payments>;
export type CrmOptions = z.infer<typeof crm>;
