"use client";

import type { Catalogue, Graph, GraphNode, NodeReport } from "@millrace/engine";
import { CircleAlert, CircleDashed, TriangleAlert } from "lucide-react";
import type { KeyboardEvent } from "react";
import { CategoryIcon } from "../../design/CategoryIcon.tsx";
import { classNames } from "../../design/class-names.ts";
import { EmptyState } from "../../design/EmptyState.tsx";
import { cardState } from "../canvas/card-state.ts";
import { topologicalOrder } from "../canvas/topological-order.ts";
import { nodeName } from "../document/connection-refusal.ts";
import { entryOf } from "../document/plain-record.ts";
import { readPortRef } from "../document/port-ref.ts";
import { selectNode } from "../session/actions.ts";
import { useEditorState, useNode, useReport, useSession } from "../session/use-session.ts";

/** The nodes as a list from sources to sinks: the way to read and reach the canvas without seeing it. */
export function Outline() {
  const session = useSession();
  const document = useEditorState((state) => state.document);
  const slugs = topologicalOrder(document.pipeline, document.layout);
  if (slugs.length === 0) {
    return (
      <EmptyState small title="No nodes yet">
        What you add stands here, from the sources to the sinks.
      </EmptyState>
    );
  }
  return (
    <ol className="p-2" aria-label="Nodes, from sources to sinks" onKeyDown={moveBetweenEntries}>
      {slugs.map((slug) => (
        <li key={slug}>
          <OutlineEntry slug={slug} onSelect={() => reveal(session, slug)} />
        </li>
      ))}
    </ol>
  );
}

function reveal(session: ReturnType<typeof useSession>, slug: string): void {
  selectNode(session, slug);
  session.canvas.get()?.reveal(slug);
}

function OutlineEntry({ slug, onSelect }: { readonly slug: string; readonly onSelect: () => void }) {
  const { catalogue } = useSession().language;
  const node = useNode(slug);
  const report = useReport(slug);
  const isSelected = useEditorState((state) => state.selection.nodes.has(slug));
  const from = useEditorState((state) => feeders(state.document.pipeline, slug, catalogue));
  if (node === undefined) return null;
  const definition = catalogue.find(node.type);
  return (
    <button
      type="button"
      aria-pressed={isSelected}
      onClick={onSelect}
      className={classNames(
        "flex min-h-10 w-full items-center gap-2.5 rounded-control px-2 py-1 text-left text-13 hover:bg-surface-2",
        isSelected && "bg-accent-soft hover:bg-accent-soft",
      )}
    >
      <CategoryIcon category={definition?.category ?? "transform"} icon={definition?.icon ?? "unplug"} />
      <span className="flex min-w-0 flex-1 flex-col">
        <span className={classNames("truncate", node.disabled && "line-through")}>{nodeName(node, catalogue)}</span>
        <span className="truncate text-12 text-ink-3">{from === "" ? slug : `from ${from}`}</span>
      </span>
      <StateMark node={node} report={report} slug={slug} />
    </button>
  );
}

function StateMark({ node, report }: { readonly node: GraphNode; readonly report: NodeReport | undefined; readonly slug: string }) {
  const { catalogue } = useSession().language;
  const state = cardState(node, catalogue.find(node.type), report);
  if (state.kind === "invalid") return <CircleAlert size={14} className="shrink-0 text-danger" aria-label={`${state.errors} problems`} />;
  if (state.kind === "unfinished")
    return <CircleDashed size={14} className="shrink-0 text-ink-3" aria-label={`Unfinished: ${state.next}`} />;
  if (state.kind === "unknown") return <TriangleAlert size={14} className="shrink-0 text-warn" aria-label="Unknown kind of node" />;
  return null;
}

/** Names of the nodes that lead to a node, with the port where it is not the main one. */
function feeders({ nodes, edges }: Graph, slug: string, catalogue: Catalogue): string {
  const names = edges.flatMap((edge) => {
    if (readPortRef(edge.to).node !== slug) return [];
    const from = readPortRef(edge.from);
    const node = entryOf(nodes, from.node);
    const name = node === undefined ? from.node : nodeName(node, catalogue);
    return [from.port === "out" ? name : `${name} (${from.port.replaceAll("_", " ")})`];
  });
  return names.join(", ");
}

function moveBetweenEntries(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const all = [...event.currentTarget.querySelectorAll("button")];
  const here = document.activeElement instanceof HTMLButtonElement ? all.indexOf(document.activeElement) : -1;
  const next = all[here + (event.key === "ArrowDown" ? 1 : -1)];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
