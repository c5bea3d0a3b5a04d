"use client";

import type { PipelineDocument, Position } from "@millrace/engine";
import { applyNodeChanges, type OnEdgesChange, type OnNodesChange } from "@xyflow/react";
import { useCallback, useState, useSyncExternalStore } from "react";
import { moveItems } from "../document/move-items.ts";
import { recordOf } from "../document/plain-record.ts";
import { type Selection, selectionOf } from "../document/selection.ts";
import type { EditorSession } from "../session/editor-session.ts";
import { type CardPorts, cardPorts } from "./card-ports.ts";
import { type FlowEdge, type FlowNode, flowEdges, flowNodes, readFlowId } from "./flow-elements.ts";

interface FlowState {
  readonly document: PipelineDocument;
  readonly selection: Selection;
  readonly ports: ReadonlyMap<string, CardPorts>;
  readonly nodes: FlowNode[];
  readonly edges: FlowEdge[];
}

/**
 * The document as the canvas holds it. What lasts only while something is dragged or measured stays here; when a
 * drag ends it becomes an edit. Selecting goes straight to the session.
 */
export function useFlowElements(session: EditorSession) {
  const { store, language } = session;
  const { document, selection } = useSyncExternalStore(store.subscribe, store.getSnapshot, store.getSnapshot);
  const [flow, setFlow] = useState<FlowState>(() => derive(document, selection, session, null));
  if (flow.document !== document || flow.selection !== selection) setFlow(derive(document, selection, session, flow));

  const onNodesChange = useCallback<OnNodesChange<FlowNode>>(
    (changes) => {
      const chosen = changes.flatMap((change) => (change.type === "select" ? [change] : []));
      if (chosen.length > 0) store.select(withChosen(store.selection, chosen));
      const rest = changes.filter((change) => change.type === "position" || change.type === "dimensions");
      if (rest.length > 0) setFlow((before) => ({ ...before, nodes: applyNodeChanges(rest, before.nodes) }));
    },
    [store],
  );

  const onEdgesChange = useCallback<OnEdgesChange<FlowEdge>>(
    (changes) => {
      const edges = new Set(store.selection.edges);
      for (const change of changes) {
        if (change.type !== "select") continue;
        if (change.selected) edges.add(change.id);
        else edges.delete(change.id);
      }
      store.select({ ...store.selection, edges });
    },
    [store],
  );

  /** Makes an edit of where these elements were dragged to. */
  const commitDrag = useCallback(
    (dragged: readonly FlowNode[]) => {
      const nodes: [string, Position][] = [];
      const notes: [string, Position][] = [];
      for (const node of dragged) {
        const { kind, id } = readFlowId(node.id);
        (kind === "node" ? nodes : notes).push([id, node.position]);
      }
      const label = dragged.length === 1 ? "Move" : `Move ${dragged.length} items`;
      session.edit({ label }, (current) => moveItems(current, { nodes: recordOf(nodes), notes: recordOf(notes) }));
    },
    [session],
  );

  return { nodes: flow.nodes, edges: flow.edges, onNodesChange, onEdgesChange, commitDrag, catalogue: language.catalogue };
}

function derive(document: PipelineDocument, selection: Selection, session: EditorSession, before: FlowState | null): FlowState {
  const ports =
    before !== null && before.document.pipeline === document.pipeline
      ? before.ports
      : cardPorts(document.pipeline, session.language.catalogue, before?.ports ?? new Map());
  return {
    document,
    selection,
    ports,
    nodes: flowNodes(document, ports, selection, before?.nodes ?? []),
    edges: flowEdges(document.pipeline, ports, selection, before?.edges ?? []),
  };
}

function withChosen(selection: Selection, changes: readonly { readonly id: string; readonly selected: boolean }[]): Selection {
  const nodes = new Set(selection.nodes);
  const notes = new Set(selection.notes);
  for (const change of changes) {
    const { kind, id } = readFlowId(change.id);
    const set = kind === "node" ? nodes : notes;
    if (change.selected) set.add(id);
    else set.delete(id);
  }
  return { ...selectionOf({ nodes, notes }), edges: selection.edges };
}
