"use client";

import { ConnectionLineType, type NodeTypes, ReactFlow, SelectionMode } from "@xyflow/react";
import { StickyNote, Workflow } from "lucide-react";
import { useState } from "react";
import { IconButton } from "../../design/IconButton.tsx";
import { gridStep } from "../document/grid.ts";
import { Observable } from "../document/observable.ts";
import { addNoteHere } from "../session/actions.ts";
import { useSession } from "../session/use-session.ts";
import { CanvasChrome, zoomLimits } from "./CanvasChrome.tsx";
import { ConnectionHint } from "./ConnectionHint.tsx";
import { DropEdgeContext } from "./drop-edge.ts";
import { EditorNode } from "./EditorNode.tsx";
import { EmptyCanvasHint } from "./EmptyCanvasHint.tsx";
import { FirstFit } from "./FirstFit.tsx";
import { NoteNode } from "./NoteNode.tsx";
import { PipelineEdge } from "./PipelineEdge.tsx";
import { useCanvasDrop } from "./use-canvas-drop.ts";
import { canvasId, useCanvasHandle } from "./use-canvas-handle.ts";
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
          id={canvasId}
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
          zoomOnDoubleClick={false}
          elevateNodesOnSelect={false}
          onlyRenderVisibleElements={nodes.length > drawAllUpTo}
          {...zoomLimits}
          attributionPosition="bottom-center"
        >
          <CanvasChrome tools={<CanvasTools />} />
          <FirstFit isEmpty={nodes.length === 0} />
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
