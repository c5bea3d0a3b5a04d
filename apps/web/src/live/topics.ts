import { z } from "zod";

const deploymentId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);
const pipelineId = z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/);
const nodeSlug = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/);

/** What a tab wants to hear of. Everything goes over its one subscription. */
export const liveTopics = z.strictObject({
  /** Metric frames and status changes of these deployments. */
  deployments: z.array(deploymentId).max(100).default([]),
  /** New alerts of these pipelines. */
  alerts: z.array(pipelineId).max(20).default([]),
  /** New rows of these live tables. */
  liveTables: z
    .array(z.strictObject({ pipelineId, sinkId: nodeSlug }))
    .max(20)
    .default([]),
  /** New dead letters of these pipelines. */
  deadLetters: z.array(pipelineId).max(20).default([]),
  /** New log lines of these deployments. */
  logs: z.array(deploymentId).max(20).default([]),
});
export type LiveTopics = z.output<typeof liveTopics>;
export type LiveTopicsInput = z.input<typeof liveTopics>;

/** Several wishes as one, each topic once, in a fixed order. */
export function mergeTopics(wishes: Iterable<LiveTopicsInput>): LiveTopics {
  const deployments = new Set<string>();
  const alerts = new Set<string>();
  const deadLetters = new Set<string>();
  const logs = new Set<string>();
  const tables = new Map<string, { pipelineId: string; sinkId: string }>();
  for (const wish of wishes) {
    for (const id of wish.deployments ?? []) deployments.add(id);
    for (const id of wish.alerts ?? []) alerts.add(id);
    for (const id of wish.deadLetters ?? []) deadLetters.add(id);
    for (const id of wish.logs ?? []) logs.add(id);
    for (const table of wish.liveTables ?? []) tables.set(`${table.pipelineId} ${table.sinkId}`, table);
  }
  return {
    deployments: [...deployments].sort(),
    alerts: [...alerts].sort(),
    liveTables: [...tables.keys()].sort().flatMap((key) => tables.get(key) ?? []),
    deadLetters: [...deadLetters].sort(),
    logs: [...logs].sort(),
  };
}

/** True when there is nothing to hear of. */
export function isSilent(topics: LiveTopics): boolean {
  return Object.values(topics).every((list) => list.length === 0);
}
