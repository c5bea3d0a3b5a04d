"use client";

import { useReactFlow } from "@xyflow/react";
import { type DragEvent, useCallback, useMemo } from "react";
import { addNode } from "../document/add-node.ts";
import type { EditOutcome } from "../document/edit-outcome.ts";
import { insertOnEdge } from "../document/insert-on-edge.ts";
import { moveItems } from "../document/move-items.ts";
import type { Observable } from "../document/observable.ts";
import { recordOf } from "../document/plain-record.ts";
import { readPortRef } from "../document/port-ref.ts";
import { soleNode } from "../document/selection.ts";
import type { EditorSession } from "../session/editor-session.ts";
import { cardWidth, headHeight } from "./card-size.ts";
import { edgeAt } from "./drop-edge.ts";
import { type FlowNode, readFlowId } from "./flow-elements.ts";

/** The kind of data that a drag from the palette carries: the type of a node. */
export const paletteDragType = "application/x-millrace-node";

/** Dropping a kind of node from the palette, and dropping a node onto an edge so that it stands in the middle of it. */
export function useCanvasDrop(
  session: EditorSession,
  dropEdge: Observable<string | null>,
  commitDrag: (nodes: readonly FlowNode[]) => void,
) {
  const { screenToFlowPosition } = useReactFlow();
  const { catalogue } = session.language;

  const palette = useMemo(
    () => ({
      onDragOver: (event: DragEvent) => {
        if (!event.dataTransfer.types.includes(paletteDragType)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = "copy";
        dropEdge.set(edgeAt(event.clientX, event.clientY));
      },
      onDragLeave: () => dropEdge.set(null),
      onDrop: (event: DragEvent) => {
        const type = event.dataTransfer.getData(paletteDragType);
        dropEdge.set(null);
        if (type === "") return;
        event.preventDefault();
        const point = screenToFlowPosition({ x: event.clientX, y: event.clientY });
        const place = { x: point.x - cardWidth / 2, y: point.y - headHeight / 2 };
        const edge = edgeAt(event.clientX, event.clientY);
        session.edit({ label: `Add ${catalogue.find(type)?.label ?? type}` }, (document) => {
          const added = addNode(document, catalogue, type, place);
          return edge === null ? added : inserted(added, (slug, next) => insertOnEdge(next, catalogue, slug, edge));
        });
      },
    }),
    [session, catalogue, dropEdge, screenToFlowPosition],
  );

  /** The edge into which a dragged node fits: it is the only one dragged, has no edges yet, and is over one. */
  const edgeFor = useCallback(
    (node: FlowNode, all: readonly FlowNode[], point: { readonly clientX: number; readonly clientY: number }): string | null => {
      const { kind, id } = readFlowId(node.id);
      if (kind !== "node" || all.length !== 1) return null;
      const touches = (end: string): boolean => readPortRef(end).node === id;
      if (session.store.document.pipeline.edges.some((edge) => touches(edge.from) || touches(edge.to))) return null;
      return edgeAt(point.clientX, point.clientY);
    },
    [session],
  );

  const onNodeDrag = useCallback(
    (event: MouseEvent | TouchEvent, node: FlowNode, all: readonly FlowNode[]) => {
      const point = pointOf(event);
      dropEdge.set(point === null ? null : edgeFor(node, all, point));
    },
    [dropEdge, edgeFor],
  );

  const onNodeDragStop = useCallback(
    (event: MouseEvent | TouchEvent, node: FlowNode, all: readonly FlowNode[]) => {
      const point = pointOf(event);
      const edge = point === null ? null : edgeFor(node, all, point);
      dropEdge.set(null);
      if (edge === null) return commitDrag(all);
      session.edit({ label: "Insert into connection" }, (document) => {
        const moved = moveItems(document, { nodes: recordOf([[node.id, node.position]]) });
        return moved.ok ? whole(insertOnEdge(moved.document, catalogue, node.id, edge), moved) : moved;
      });
    },
    [session, catalogue, dropEdge, edgeFor, commitDrag],
  );

  return { palette, onNodeDrag, onNodeDragStop };
}

/** The insertion of a node that was just added; the node alone, where it cannot stand in the middle of an edge. */
function inserted(
  added: EditOutcome,
  insert: (slug: string, document: Extract<EditOutcome, { ok: true }>["document"]) => EditOutcome,
): EditOutcome {
  const slug = added.ok && added.selection !== undefined ? soleNode(added.selection) : null;
  return added.ok && slug !== null ? whole(insert(slug, added.document), added) : added;
}

function whole(outcome: EditOutcome, otherwise: Extract<EditOutcome, { ok: true }>): EditOutcome {
  if (!outcome.ok) return otherwise;
  return otherwise.selection === undefined ? outcome : { ...outcome, selection: otherwise.selection };
}

function pointOf(event: MouseEvent | TouchEvent): { readonly clientX: number; readonly clientY: number } | null {
  return "changedTouches" in event ? (event.changedTouches[0] ?? null) : event;
}
