import { type Alignment, param, type WatermarkStrategy } from "@millrace/engine";
import type { z } from "zod";

/** Parameters about the times of records, the same for all sources that read what others have written. `of`: what is idle. */
export function eventTimeParams(of: {
  readonly disorderHelp: string;
  readonly idleLabel: string;
  readonly idleHelp: string;
  readonly idleDefault: string | null;
}) {
  return {
    watermarks: param.choice({
      label: "The watermark follows",
      default: "bounded",
      advanced: true,
      options: [
        { value: "bounded", label: "The newest time", help: "It trails it by what records may be out of order." },
        { value: "monotonous", label: "The newest time, at once", help: "For records that are in order: every older one is late." },
        { value: "punctuated", label: "What some records say", help: "For sources that mark how far they are complete." },
      ],
    }),
    punctuation: param.ownExpression({
      label: "Nothing earlier follows when",
      types: ["boolean", "timestamp", "bigint"],
      advanced: true,
      visibleWhen: { param: "watermarks", equals: ["punctuated"] },
      help: "A condition: TRUE says that nothing before the time of this record follows. Or a time: nothing before it follows. NULL says nothing.",
    }),
    disorder: param.duration({
      label: "Out of order by at most",
      default: "0s",
      maxMs: 7 * 86_400_000,
      visibleWhen: { param: "watermarks", equals: ["bounded"] },
      help: of.disorderHelp,
    }),
    idleTimeout: param.optionalDuration({ label: of.idleLabel, minMs: 100, default: of.idleDefault, advanced: true, help: of.idleHelp }),
    nullTime: param.choice({
      label: "Records without a time",
      default: "drop",
      advanced: true,
      options: [
        { value: "drop", label: "Send them to the dead letters" },
        { value: "keep", label: "Keep them", help: "They do not move the watermark and belong to no window." },
        { value: "fail", label: "Stop the pipeline" },
      ],
    }),
    maxAhead: param.optionalDuration({
      label: "Ahead of the clock by at most",
      minMs: 1000,
      maxMs: 3660 * 86_400_000,
      advanced: true,
      help: "A record from further in the future does not move the watermark, so that one wrong time does not make all others late. Empty: every time counts.",
    }),
    futureTime: param.choice({
      label: "Records beyond that",
      default: "dead-letter",
      advanced: true,
      options: [
        { value: "dead-letter", label: "Send them to the dead letters" },
        { value: "hold", label: "Keep them", help: "They go on with their time, and wait in its windows." },
      ],
    }),
    ...alignmentParams,
  };
}

/** Parameters of sources that are not to run ahead of others. */
export const alignmentParams = {
  maxDrift: param.optionalDuration({
    label: "Ahead of the others by at most",
    minMs: 1,
    maxMs: 366 * 86_400_000,
    advanced: true,
    help: "What is further ahead in event time is not read until the others have caught up, so that less has to be kept. Applies among the sources, and their partitions, that have this set. Empty: it reads as fast as it can.",
  }),
  driftGroup: param.text({
    label: "Group of such sources",
    default: "",
    maxLength: 64,
    advanced: true,
    placeholder: "orders",
    help: "Only sources with the same name here wait for one another.",
  }),
};

/** The paragraphs about them in the docs. */
export const eventTimeDocs = `**How the watermark moves.** Besides following the newest time, it can follow *what some records say*: a condition that is TRUE for a marker (\`kind = 'end_of_hour'\`) says that nothing before the time of that record follows, and an expression that gives a time says that nothing before that time does. Between markers the watermark stands still, so that late is only what comes behind a marker.

**Wrong clocks.** One record from the year 9999 would make all that follow late. With *Ahead of the clock by at most*, such a record goes to the dead letters with both times, or is kept without moving the watermark. The measure is the clock of the runtime, not the records before: after a pause, honest records jump too.

**Sources in step.** With *Ahead of the others by at most*, what is further ahead waits, so that joins and windows keep less: two topics of which one has a day more to catch up with, or the partitions of one topic. What is idle, or has had no record yet, holds back nobody.`;

interface EventTime {
  readonly watermarks: "bounded" | "monotonous" | "punctuated";
  readonly punctuation: string | null;
  readonly disorder: number;
  readonly idleTimeout: number | null;
  readonly nullTime: WatermarkStrategy["nullTime"];
  readonly maxAhead: number | null;
  readonly futureTime: "dead-letter" | "hold";
  readonly maxDrift: number | null;
  readonly driftGroup: string;
}

/** What such parameters say together that cannot be; for `superRefine`. `canFallSilent`: splits may have no records for long. */
export function refineEventTime(params: EventTime, timeField: string | null, canFallSilent: boolean, context: z.RefinementCtx): void {
  const refuse = (path: keyof EventTime, message: string): void => context.addIssue({ code: "custom", path: [path], message });
  if (params.watermarks === "punctuated" && params.punctuation === null) {
    refuse("punctuation", "Write when nothing earlier follows, or let the watermark follow the newest time.");
  }
  if (timeField === null) {
    const needs = "needs the event time of the records: choose their time field, or leave this out.";
    if (params.watermarks === "punctuated") refuse("watermarks", `A watermark that follows what records say ${needs}`);
    if (params.maxAhead !== null) refuse("maxAhead", `A limit ahead of the clock ${needs}`);
    if (params.maxDrift !== null) refuse("maxDrift", `A limit ahead of the others ${needs}`);
  }
  if (params.maxDrift !== null && params.idleTimeout === null && canFallSilent) {
    refuse(
      "maxDrift",
      "What has no records for long would hold back all others for ever: say after which time without records it is idle.",
    );
  }
}

/** How far a source may be ahead of others, as part of its watermark. */
export function alignmentOf(params: { readonly maxDrift: number | null; readonly driftGroup: string }): { readonly alignment?: Alignment } {
  const { maxDrift, driftGroup } = params;
  return maxDrift === null ? {} : { alignment: { group: driftGroup.trim(), maxDriftMs: maxDrift } };
}

/** The watermark that such parameters ask for; none without a time. */
export function watermarkOf(
  timeField: string | null,
  params: EventTime,
): { readonly watermark: WatermarkStrategy; readonly punctuation?: string } {
  const { watermarks, punctuation, disorder, idleTimeout: idleTimeoutMs, nullTime, maxAhead, futureTime } = params;
  const kind = timeField === null ? "none" : watermarks === "punctuated" ? "punctuated" : "bounded";
  const watermark: WatermarkStrategy = {
    kind,
    disorderMs: watermarks === "bounded" ? disorder : 0,
    idleTimeoutMs,
    nullTime,
    ...(maxAhead === null ? {} : { future: { aheadMs: maxAhead, policy: futureTime } }),
    ...alignmentOf(params),
  };
  return { watermark, ...(kind === "punctuated" && punctuation !== null ? { punctuation } : {}) };
}
