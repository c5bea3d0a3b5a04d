import type { LookupConnector } from "./lookup-port.ts";
import { createMemoryLookup } from "./memory-lookup.ts";
import type { SinkConnector } from "./sink-port.ts";
import type { SourceConnector } from "./source-port.ts";

/** The connectors that this host (browser, worker, CLI, test) can open, by name. */
export interface ConnectorRegistry {
  readonly sources: ReadonlyMap<string, SourceConnector>;
  readonly sinks: ReadonlyMap<string, SinkConnector>;
  /** Besides `table`, whose rows are part of the pipeline, so that every host has it. */
  readonly lookups?: ReadonlyMap<string, LookupConnector>;
  /** Takes dead letters as JSON lines `{atMs, node, position, reason, raw}`, with the checkpoint that they belong to. Absent: they are only told as events. */
  readonly deadLetters?: SinkConnector;
}

/** The lookup of that name; undefined when this host has none. */
export function lookupConnector({ lookups }: ConnectorRegistry, name: string): LookupConnector | undefined {
  return lookups?.get(name) ?? (name === "table" ? createMemoryLookup() : undefined);
}
