import type { NodeMetrics } from "@millrace/protocol";

/** What a chart can show of a node. Times are in seconds, as the chart wants them. */
export interface NodeColumns {
  readonly atS: number[];
  readonly inPerSecond: number[];
  readonly outPerSecond: number[];
  /** Clock minus watermark, s; null before any watermark and at the end of input. */
  readonly lagS: (number | null)[];
  readonly stateBytes: number[];
  readonly stateKeys: number[];
  readonly late: number[];
}

/** What of a node's metrics goes into its history. */
export type NodePoint = Pick<NodeMetrics, "inPerSecond" | "outPerSecond" | "watermarkMs" | "stateBytes" | "stateKeys" | "late">;

/** Seconds that the charts show. */
export const windowS = 300;

/** Points that a history holds: five minutes at four a second. */
const capacity = windowS * 4;

/** Watermarks beyond any date mean that the input has ended. */
const endOfTimeMs = 8e15;

/** The last five minutes of one node, in columns. */
export class NodeHistory {
  readonly columns: NodeColumns = { atS: [], inPerSecond: [], outPerSecond: [], lagS: [], stateBytes: [], stateKeys: [], late: [] };

  /** Adds a point; one that is not newer than the last is ignored. */
  add(atMs: number, point: NodePoint): void {
    const { atS, inPerSecond, outPerSecond, lagS, stateBytes, stateKeys, late } = this.columns;
    const last = atS.at(-1);
    if (last !== undefined && atMs / 1000 <= last) return;
    atS.push(atMs / 1000);
    inPerSecond.push(point.inPerSecond);
    outPerSecond.push(point.outPerSecond);
    lagS.push(point.watermarkMs === null || point.watermarkMs >= endOfTimeMs ? null : (atMs - point.watermarkMs) / 1000);
    stateBytes.push(point.stateBytes);
    stateKeys.push(point.stateKeys);
    late.push(point.late);
    if (atS.length > capacity) for (const column of Object.values(this.columns)) column.shift();
  }
}
