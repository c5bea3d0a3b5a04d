import type { LookupConnector } from "./lookup-port.ts";
import type { SinkConnector } from "./sink-port.ts";
import type { SourceConnector } from "./source-port.ts";

/** The connectors that this host (browser, worker, CLI, test) can open, by name. */
export interface ConnectorRegistry {
  readonly sources: ReadonlyMap<string, SourceConnector>;
  readonly sinks: ReadonlyMap<string, SinkConnector>;
  /** Absent: none. */
  readonly lookups?: ReadonlyMap<string, LookupConnector>;
  /** Takes dead letters as JSON lines `{atMs, node, position, reason, raw}`, with the checkpoint that they belong to. Absent: they are only told as events. */
  readonly deadLetters?: SinkConnector;
}
