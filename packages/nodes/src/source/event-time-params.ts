import { param, type WatermarkStrategy } from "@millrace/engine";

/** Parameters about the times of records, the same for all sources that read what others have written. `of`: what is idle. */
export function eventTimeParams(of: {
  readonly disorderHelp: string;
  readonly idleLabel: string;
  readonly idleHelp: string;
  readonly idleDefault: string | null;
}) {
  return {
    disorder: param.duration({ label: "Out of order by at most", default: "0s", maxMs: 7 * 86_400_000, help: of.disorderHelp }),
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
  };
}

/** The watermark that such parameters ask for; none without a time. */
export function watermarkOf(
  timeField: string | null,
  params: { readonly disorder: number; readonly idleTimeout: number | null; readonly nullTime: WatermarkStrategy["nullTime"] },
): WatermarkStrategy {
  const { disorder: disorderMs, idleTimeout: idleTimeoutMs, nullTime } = params;
  return { kind: timeField === null ? "none" : "bounded", disorderMs, idleTimeoutMs, nullTime };
}
