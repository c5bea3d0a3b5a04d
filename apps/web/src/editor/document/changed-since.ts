import type { Graph, GraphNode } from "@millrace/engine";
import { jsonEqual } from "./json-equal.ts";
import { entryOf } from "./plain-record.ts";
import { readPortRef } from "./port-ref.ts";

/** How a graph differs from the one that runs. Layout, labels and notes never count: they change nothing that runs. */
export interface GraphChanges {
  /** Nodes that are new or have other settings or inputs. */
  readonly changed: ReadonlySet<string>;
  readonly removed: ReadonlySet<string>;
  /** Whether the pipeline's own settings differ. */
  readonly settings: boolean;
  /** Number of changes to speak of: nodes, and one for the settings. */
  readonly count: number;
}

/** What has changed in the logic of `current` since `deployed`, by node. */
export function changedSince(current: Graph, deployed: Graph): GraphChanges {
  const before = incoming(deployed);
  const now = incoming(current);
  const changed = new Set<string>();
  for (const [slug, node] of Object.entries(current.nodes)) {
    const old = entryOf(deployed.nodes, slug);
    if (old === undefined || !sameLogic(old, node) || before.get(slug) !== now.get(slug)) changed.add(slug);
  }
  const removed = new Set(Object.keys(deployed.nodes).filter((slug) => !Object.hasOwn(current.nodes, slug)));
  const settings =
    current.settings.checkpointIntervalMs !== deployed.settings.checkpointIntervalMs ||
    current.settings.delivery !== deployed.settings.delivery ||
    current.settings.state !== deployed.settings.state ||
    current.settings.parallelism !== deployed.settings.parallelism;
  return { changed, removed, settings, count: changed.size + removed.size + (settings ? 1 : 0) };
}

function sameLogic(a: GraphNode, b: GraphNode): boolean {
  return a === b || (a.type === b.type && a.version === b.version && a.disabled === b.disabled && jsonEqual(a.params, b.params));
}

function incoming(graph: Graph): ReadonlyMap<string, string> {
  const byNode = new Map<string, string>();
  for (const edge of graph.edges) {
    const slug = readPortRef(edge.to).node;
    byNode.set(slug, `${byNode.get(slug) ?? ""}${edge.from}>${edge.to}\n`);
  }
  return byNode;
}
