import type { NodeTotals, RunMetrics } from "@millrace/engine";
import type { MetricsFrame, NodeMetrics } from "@millrace/protocol";

interface Sample {
  readonly atMs: number;
  readonly metrics: RunMetrics;
}

const windowMs = 1000;

/** Makes metric frames of a run's totals: rates and shares are those of the last second. */
export class FrameBuilder {
  readonly #identity: Pick<MetricsFrame, "deploymentId" | "pipelineId" | "version" | "restarts">;
  readonly #samples: Sample[] = [];
  #sequence = 0;

  constructor(identity: Pick<MetricsFrame, "deploymentId" | "pipelineId" | "version" | "restarts">) {
    this.#identity = identity;
  }

  /** The frame for `metrics`; `monotonicMs` measures the rates, `nowMs` is what it is stamped with. */
  build(metrics: RunMetrics, monotonicMs: number, nowMs: number): MetricsFrame {
    const base = this.#baseFor(monotonicMs);
    this.#samples.push({ atMs: monotonicMs, metrics });
    const elapsedMs = base === null ? 0 : monotonicMs - base.atMs;
    const nodes: Record<string, NodeMetrics> = Object.create(null);
    for (const [slug, totals] of Object.entries(metrics.nodes)) nodes[slug] = nodeMetrics(totals, base?.metrics.nodes[slug], elapsedMs);
    const edges: MetricsFrame["edges"] = Object.create(null);
    for (const [key, records] of Object.entries(metrics.edges)) {
      edges[key] = { records, perSecond: perSecond(records, base?.metrics.edges[key], elapsedMs) };
    }
    const { number, committedAtMs, durationMs, bytes } = metrics.checkpoint;
    const ageMs = committedAtMs === null ? null : Math.max(0, nowMs - committedAtMs);
    this.#sequence += 1;
    return {
      ...this.#identity,
      sequence: this.#sequence,
      atMs: nowMs,
      nodes,
      edges,
      checkpoint: { number, ageMs, durationMs, bytes },
      unaccounted: metrics.unaccounted,
    };
  }

  /** The newest sample that is at least a second old, else the oldest; older ones are forgotten. */
  #baseFor(atMs: number): Sample | null {
    while (this.#samples.length > 1 && this.#samples[1].atMs <= atMs - windowMs) this.#samples.shift();
    return this.#samples.length === 0 ? null : this.#samples[0];
  }
}

function nodeMetrics(now: NodeTotals, before: NodeTotals | undefined, elapsedMs: number): NodeMetrics {
  return {
    recordsIn: now.recordsIn,
    recordsOut: now.recordsOut,
    inPerSecond: perSecond(now.recordsIn, before?.recordsIn, elapsedMs),
    outPerSecond: perSecond(now.recordsOut, before?.recordsOut, elapsedMs),
    late: now.late,
    deadLettered: now.deadLettered,
    watermarkMs: now.watermarkMs,
    busy: share(now.busyMs, before?.busyMs, elapsedMs),
    backPressured: share(now.backPressuredMs, before?.backPressuredMs, elapsedMs),
    stateKeys: now.stateKeys,
    stateBytes: now.stateBytes,
    counters: { ...now.counters },
  };
}

function perSecond(now: number, before: number | undefined, elapsedMs: number): number {
  if (before === undefined || elapsedMs <= 0) return 0;
  return Math.max(0, ((now - before) / elapsedMs) * 1000);
}

function share(nowMs: number, beforeMs: number | undefined, elapsedMs: number): number {
  if (beforeMs === undefined || elapsedMs <= 0) return 0;
  return Math.min(1, Math.max(0, (nowMs - beforeMs) / elapsedMs));
}

/** The same totals of a pipeline that has ended: nothing moves any more. */
export function atRest(frame: MetricsFrame): MetricsFrame {
  const still = { inPerSecond: 0, outPerSecond: 0, busy: 0, backPressured: 0 };
  return {
    ...frame,
    nodes: Object.fromEntries(Object.entries(frame.nodes).map(([slug, metrics]) => [slug, { ...metrics, ...still }])),
    edges: Object.fromEntries(Object.entries(frame.edges).map(([key, metrics]) => [key, { ...metrics, perSecond: 0 }])),
  };
}
