"use client";

import { useReactFlow } from "@xyflow/react";
import { useEffect, useMemo } from "react";
import { toast } from "../../design/Toaster.tsx";
import { applyLayout } from "../document/apply-layout.ts";
import { entryOf, recordOf } from "../document/plain-record.ts";
import { readPortRef } from "../document/port-ref.ts";
import { soleNode } from "../document/selection.ts";
import type { CanvasHandle } from "../session/canvas-handle.ts";
import type { EditorSession } from "../session/editor-session.ts";
import { fitOptions } from "./CanvasChrome.tsx";
import { cardHeight, cardWidth } from "./card-size.ts";
import type { FlowNode } from "./flow-elements.ts";
import { shiftIntoView, visibleFrame } from "./keep-in-view.ts";
import { requestLayout } from "./layout/request-layout.ts";

/** Id of the canvas element. */
export const canvasId = "editor-canvas";

/** Lets other parts of the editor steer the canvas, and keeps the node that is selected in view. */
export function useCanvasHandle(session: EditorSession): void {
  const { fitView, screenToFlowPosition, flowToScreenPosition, getInternalNode, getNodes, getViewport, setViewport } =
    useReactFlow<FlowNode>();
  const handle = useMemo((): CanvasHandle => {
    const bringIntoView = (slug: string): void => {
      const node = getInternalNode(slug);
      const canvas = document.getElementById(canvasId)?.getBoundingClientRect();
      if (node === undefined || canvas === undefined) return;
      const inspector = document.getElementById("inspector")?.getBoundingClientRect() ?? null;
      const { zoom, x, y } = getViewport();
      const corner = flowToScreenPosition(node.internals.positionAbsolute);
      const card = {
        left: corner.x,
        top: corner.y,
        right: corner.x + (node.measured.width ?? cardWidth) * zoom,
        bottom: corner.y + (node.measured.height ?? 56) * zoom,
      };
      const shift = shiftIntoView(card, visibleFrame(canvas, inspector));
      if (shift.x !== 0 || shift.y !== 0) void setViewport({ x: x + shift.x, y: y + shift.y, zoom }, { duration: 180 });
    };
    return {
      center: () => {
        const box = document.getElementById(canvasId)?.getBoundingClientRect();
        return box === undefined ? { x: 0, y: 0 } : screenToFlowPosition({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
      },
      fitView: () => void fitView(fitOptions),
      reveal: (slug) => afterLayout(() => bringIntoView(slug)),
      tidy: () => void tidy(session, getNodes()).then((moved) => moved && afterLayout(() => void fitView(fitOptions))),
    };
  }, [session, fitView, screenToFlowPosition, flowToScreenPosition, getInternalNode, getNodes, getViewport, setViewport]);

  useEffect(() => {
    session.canvas.set(handle);
    const stop = keepSelectedInView(session, handle);
    return () => {
      stop();
      session.canvas.set(null);
    };
  }, [session, handle]);
}

/** Calls back when what was just changed has its place on the page: panels open in the frame after. */
function afterLayout(callback: () => void): void {
  requestAnimationFrame(() => requestAnimationFrame(callback));
}

/** Reveals a node when it becomes the one that is selected; not while a pointer is down, for it may be dragged. */
function keepSelectedInView(session: EditorSession, handle: CanvasHandle): () => void {
  let isPointerDown = false;
  let last = soleNode(session.store.selection);
  let waiting: string | null = null;
  const onDown = (): void => {
    isPointerDown = true;
  };
  const onUp = (): void => {
    isPointerDown = false;
    if (waiting !== null) handle.reveal(waiting);
    waiting = null;
  };
  const unsubscribe = session.store.subscribe(() => {
    const slug = soleNode(session.store.selection);
    if (slug === last) return;
    last = slug;
    if (slug === null) waiting = null;
    else if (isPointerDown) waiting = slug;
    else handle.reveal(slug);
  });
  window.addEventListener("pointerdown", onDown, { capture: true });
  window.addEventListener("pointerup", onUp, { capture: true });
  return () => {
    unsubscribe();
    window.removeEventListener("pointerdown", onDown, { capture: true });
    window.removeEventListener("pointerup", onUp, { capture: true });
  };
}

/** Lays the nodes out in a worker and makes one edit of it; true when something moved. */
async function tidy(session: EditorSession, nodes: readonly FlowNode[]): Promise<boolean> {
  const { document } = session.store;
  const drawn = new Map(nodes.map((node) => [node.id, node]));
  const request = {
    nodes: Object.keys(document.pipeline.nodes).map((slug) => {
      const node = drawn.get(slug);
      const height = node?.measured?.height ?? (node?.type === "pipeline-node" ? cardHeight(node.data.ports, false) : 56);
      return { slug, width: cardWidth, height };
    }),
    edges: document.pipeline.edges.map((edge) => ({ from: readPortRef(edge.from).node, to: readPortRef(edge.to).node })),
  };
  try {
    const places = await requestLayout(request);
    const positions = recordOf(places.map(({ slug, x, y }): [string, { x: number; y: number }] => [slug, { x, y }]));
    session.edit({ label: "Tidy up" }, (current) => applyLayout(current, positions));
    const after = session.store.document.layout.nodes;
    return places.some(({ slug }) => entryOf(document.layout.nodes, slug) !== entryOf(after, slug));
  } catch {
    toast.error("The layout could not be tidied up", {
      description: "The browser did not start the worker that computes it. Reload the page and try again.",
    });
    return false;
  }
}
