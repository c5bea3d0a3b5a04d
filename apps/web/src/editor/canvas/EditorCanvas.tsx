"use client";

import { ConnectionLineType, type NodeTypes, ReactFlow, SelectionMode, useReactFlow } from "@xyflow/react";
import { StickyNote, Workflow } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { IconButton } from "../../design/IconButton.tsx";
import { toast } from "../../design/Toaster.tsx";
import { applyLayout } from "../document/apply-layout.ts";
import { gridStep } from "../document/grid.ts";
import { Observable } from "../document/observable.ts";
import { entryOf, recordOf } from "../document/plain-record.ts";
import { readPortRef } from "../document/port-ref.ts";
import { addNoteHere } from "../session/actions.ts";
import type { EditorSession } from "../session/editor-session.ts";
import { useSession } from "../session/use-session.ts";
import { CanvasChrome, fitOptions, zoomLimits } from "./CanvasChrome.tsx";
import { ConnectionHint } from "./ConnectionHint.tsx";
import { cardHeight, cardWidth } from "./card-size.ts";
import { DropEdgeContext } from "./drop-edge.ts";
import { EditorNode } from "./EditorNode.tsx";
import { EmptyCanvasHint } from "./EmptyCanvasHint.tsx";
import { FirstFit } from "./FirstFit.tsx";
import type { FlowNode } from "./flow-elements.ts";
import { requestLayout } from "./layout/request-layout.ts";
import { NoteNode } from "./NoteNode.tsx";
import { PipelineEdge } from "./PipelineEdge.tsx";
import { useCanvasDrop } from "./use-canvas-drop.ts";
import { useConnecting, useRefusal } from "./use-connecting.ts";
import { useFlowElements } from "./use-flow-elements.ts";
import "@xyflow/react/dist/base.css";
import "./canvas.css";

const nodeTypes: NodeTypes = { "pipeline-node": EditorNode, note: NoteNode };
const edgeTypes = { "pipeline-edge": PipelineEdge };
const snapGrid: [number, number] = [gridStep, gridStep];
const multiSelectKeys = ["Shift", "Meta", "Control"];

/** Above this many nodes only those in view are drawn. */
const drawAllUpTo = 150;

/** The canvas on which a pipeline is drawn. Must stand inside a `ReactFlowProvider`. */
export function EditorCanvas({ galleryHref }: { readonly galleryHref: string }) {
  const session = useSession();
  const { nodes, edges, onNodesChange, onEdgesChange, commitDrag } = useFlowElements(session);
  const [dropEdge] = useState(() => new Observable<string | null>(null));
  const refusal = useRefusal(session);
  const connecting = useConnecting(session, refusal);
  const drop = useCanvasDrop(session, dropEdge, commitDrag);
  useCanvasHandle(session);

  return (
    <DropEdgeContext value={dropEdge}>
      <div className="relative size-full" {...drop.palette}>
        <ReactFlow
          id="editor-canvas"
          aria-label="Canvas"
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          onNodesChange={onNodesChange}
          onEdgesChange={onEdgesChange}
          {...connecting}
          onNodeDrag={drop.onNodeDrag}
          onNodeDragStop={drop.onNodeDragStop}
          onSelectionDragStop={(_, dragged) => commitDrag(dragged)}
          connectionLineType={ConnectionLineType.Bezier}
          connectionRadius={24}
          snapToGrid
          snapGrid={snapGrid}
          selectionMode={SelectionMode.Partial}
          multiSelectionKeyCode={multiSelectKeys}
          deleteKeyCode={null}
          disableKeyboardA11y
          elevateNodesOnSelect={false}
          onlyRenderVisibleElements={nodes.length > drawAllUpTo}
          {...zoomLimits}
          attributionPosition="bottom-center"
        >
          <CanvasChrome tools={<CanvasTools />} />
          <FirstFit />
          <ConnectionHint refusal={refusal} />
        </ReactFlow>
        {nodes.length === 0 && <EmptyCanvasHint galleryHref={galleryHref} />}
      </div>
    </DropEdgeContext>
  );
}

function CanvasTools() {
  const session = useSession();
  return (
    <>
      <span className="canvas-controls-line" />
      <IconButton label="Tidy up the layout" icon={<Workflow size={16} />} tooltipSide="top" onClick={() => session.canvas.get()?.tidy()} />
      <IconButton label="Add a note" icon={<StickyNote size={16} />} tooltipSide="top" onClick={() => addNoteHere(session)} />
    </>
  );
}

/** Lets other parts of the editor steer the canvas. */
function useCanvasHandle(session: EditorSession): void {
  const { fitView, screenToFlowPosition, getNodes } = useReactFlow<FlowNode>();
  const handle = useMemo(
    () => ({
      center: () => {
        const box = document.getElementById("editor-canvas")?.getBoundingClientRect();
        return box === undefined ? { x: 0, y: 0 } : screenToFlowPosition({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
      },
      fitView: () => void fitView(fitOptions),
      reveal: (slug: string) =>
        requestAnimationFrame(() => reveal(slug, () => void fitView({ ...fitOptions, padding: 0.6, nodes: [{ id: slug }] }))),
      tidy: () => void tidy(session, getNodes()).then((moved) => moved && requestAnimationFrame(() => void fitView(fitOptions))),
    }),
    [session, fitView, screenToFlowPosition, getNodes],
  );
  useEffect(() => {
    session.canvas.set(handle);
    return () => session.canvas.set(null);
  }, [session, handle]);
}

/** Brings a card into view, unless all of it is in view already. */
function reveal(slug: string, move: () => void): void {
  const card = document.querySelector(`.react-flow__node[data-id="${CSS.escape(slug)}"]`)?.getBoundingClientRect();
  const frame = document.getElementById("editor-canvas")?.getBoundingClientRect();
  const isInside =
    card !== undefined &&
    frame !== undefined &&
    card.left >= frame.left &&
    card.right <= frame.right &&
    card.top >= frame.top &&
    card.bottom <= frame.bottom;
  if (!isInside) move();
}

/** Lays the nodes out in a worker and makes one edit of it; true when something moved. */
async function tidy(session: EditorSession, nodes: readonly FlowNode[]): Promise<boolean> {
  const { document } = session.store;
  const sizes = new Map(nodes.map((node) => [node.id, node]));
  const request = {
    nodes: Object.keys(document.pipeline.nodes).map((slug) => {
      const node = sizes.get(slug);
      const height = node?.measured?.height ?? (node?.type === "pipeline-node" ? cardHeight(node.data.ports, false) : 56);
      return { slug, width: cardWidth, height };
    }),
    edges: document.pipeline.edges.map((edge) => ({ from: readPortRef(edge.from).node, to: readPortRef(edge.to).node })),
  };
  try {
    const places = await requestLayout(request);
    const positions = recordOf(places.map(({ slug, x, y }): [string, { x: number; y: number }] => [slug, { x, y }]));
    session.edit({ label: "Tidy up" }, (current) => applyLayout(current, positions));
    return places.some(({ slug }) => entryOf(document.layout.nodes, slug) !== entryOf(session.store.document.layout.nodes, slug));
  } catch {
    toast.error("The layout could not be tidied up", {
      description: "The browser did not start the worker that computes it. Reload the page and try again.",
    });
    return false;
  }
}
