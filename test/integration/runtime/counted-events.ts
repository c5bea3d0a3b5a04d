import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { DeploymentJob } from "@millrace/protocol";

/** One record of the file that the tests read. */
export interface CountedEvent {
  readonly id: number;
  readonly at: number;
  readonly service: string;
}

const startMs = 1_700_000_000_000;
const services = ["cart", "search", "pay"];

/** Records a millisecond of event time apart, so that a replay at speed 1 takes `count` milliseconds. */
export function countedEvents(count: number): CountedEvent[] {
  return Array.from({ length: count }, (_, id) => ({ id, at: startMs + id, service: services[(id * 7) % services.length] }));
}

/** Writes events as JSON lines. */
export async function writeEvents(path: string, events: readonly CountedEvent[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, events.map((event) => `${JSON.stringify(event)}\n`).join(""));
}

/**
 * A deployment of a pipeline that copies a paced file into the folder `<id>/copy`, and counts per service in
 * windows of 100 ms into `<id>/counts`. A checkpoint every 200 ms.
 */
export function countingJob(
  pipelineId: string,
  options: { readonly deploymentId?: string; readonly version?: number; readonly speed?: number; readonly savepoint?: number } = {},
): DeploymentJob {
  const { deploymentId = `${pipelineId}-d1`, version = 1, speed = 1, savepoint } = options;
  const fields = [
    { name: "id", type: "bigint" },
    { name: "at", type: "timestamp" },
    { name: "service", type: "string" },
  ];
  const document = {
    formatVersion: 1,
    pipeline: {
      id: pipelineId,
      name: pipelineId,
      settings: { checkpointInterval: "200ms" },
      nodes: {
        events: {
          type: "file-source",
          version: 1,
          params: { path: "events.ndjson", fields, timeField: "at", replay: { mode: "paced", speed } },
        },
        copy: { type: "file-sink", version: 1, params: { path: `${pipelineId}/copy` } },
        per_service: {
          type: "tumbling-window",
          version: 1,
          params: { keyBy: ["service"], size: "100ms", aggregates: [{ as: "events", fn: "count" }] },
        },
        counts: { type: "file-sink", version: 1, params: { path: `${pipelineId}/counts` } },
      },
      edges: [
        { from: "events.out", to: "copy.in" },
        { from: "events.out", to: "per_service.in" },
        { from: "per_service.out", to: "counts.in" },
      ],
    },
  };
  const job = { protocolVersion: 1, deploymentId, pipelineId, version, pipeline: JSON.stringify(document), startFrom: "latest" } as const;
  return savepoint === undefined ? job : { ...job, savepoint };
}

/** The rows of all parts of a file sink's folder, in order; none when there is no folder. */
export async function readRows(folder: string): Promise<Record<string, unknown>[]> {
  const names = await readdir(folder).catch(() => []);
  const rows: Record<string, unknown>[] = [];
  for (const name of names.filter((part) => part.startsWith("part-")).sort()) {
    const text = await readFile(join(folder, name), "utf8");
    for (const line of text.split("\n")) if (line !== "") rows.push(JSON.parse(line) as Record<string, unknown>);
  }
  return rows;
}

/** Ids of the copied records, in the order in which they were written. */
export async function copiedIds(files: string, pipelineId: string): Promise<unknown[]> {
  return (await readRows(join(files, pipelineId, "copy"))).map((row) => row.id);
}

/** `<window start> <service>` → count, sorted; a window that comes twice is there twice. */
export async function countedWindows(files: string, pipelineId: string): Promise<string[]> {
  const rows = await readRows(join(files, pipelineId, "counts"));
  return rows.map((row) => `${Number(row.window_start)} ${String(row.service)} ${String(row.events)}`).sort();
}

/** What `countedWindows` must be for these events. */
export function expectedWindows(events: readonly CountedEvent[]): string[] {
  const counts = new Map<string, number>();
  for (const { at, service } of events) {
    const key = `${at - (at % 100)} ${service}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, count]) => `${key} ${count}`).sort();
}
