/** One thing that happens on a side of a join in a vector. */
export type SideStep = SideRecord | SideWatermark;

export interface SideRecord {
  readonly side: "left" | "right";
  readonly ts: number;
}

export interface SideWatermark {
  readonly side: "left" | "right";
  /** `MAX`: the end of the input. */
  readonly watermark: number | "MAX";
}

export function isWatermark<T extends SideRecord>(step: T | SideWatermark): step is SideWatermark {
  return "watermark" in step;
}

/** The input of the join. */
export function sideIndex(side: "left" | "right"): 0 | 1 {
  return side === "left" ? 0 : 1;
}

export function watermarkOf({ watermark }: SideWatermark): number {
  return watermark === "MAX" ? Number.POSITIVE_INFINITY : watermark;
}
