"use client";

import { type Catalogue, checkGraph, type PipelineDocument } from "@millrace/engine";
import { applyNodeChanges, type NodeChange, type NodeProps, type NodeTypes, ReactFlow, ReactFlowProvider } from "@xyflow/react";
import { createContext, memo, useCallback, useContext, useMemo, useState } from "react";
import { entryOf } from "../document/plain-record.ts";
import { selectionOf } from "../document/selection.ts";
import { LiveFoot } from "../live/LiveFoot.tsx";
import { CanvasChrome, zoomLimits } from "./CanvasChrome.tsx";
import { cardPorts } from "./card-ports.ts";
import { FirstFit } from "./FirstFit.tsx";
import {
  type FlowEdge,
  type FlowNode,
  flowEdges,
  flowNodes,
  type NoteFlowNode,
  type PipelineFlowNode,
  readFlowId,
} from "./flow-elements.ts";
import { NodeCard } from "./NodeCard.tsx";
import { PipelineEdge } from "./PipelineEdge.tsx";
import { PortHandles, PortRows } from "./Ports.tsx";
import "@xyflow/react/dist/base.css";
import "./canvas.css";

export interface ReadOnlyCanvasProps {
  readonly document: PipelineDocument;
  readonly catalogue: Catalogue;
  readonly selected: string | null;
  readonly onSelect: (slug: string) => void;
}

interface ReadOnlyModel {
  readonly document: PipelineDocument;
  readonly catalogue: Catalogue;
  readonly headlineOf: (slug: string) => string;
}

const ModelContext = createContext<ReadOnlyModel | null>(null);

/** A pipeline drawn as in the editor, with live numbers where there are any, to look at and to select in. */
export function ReadOnlyCanvas({ document, catalogue, selected, onSelect }: ReadOnlyCanvasProps) {
  const model = useMemo((): ReadOnlyModel => {
    const report = checkGraph(document.pipeline, catalogue);
    return { document, catalogue, headlineOf: (slug) => report.nodes.get(slug)?.headline ?? "" };
  }, [document, catalogue]);
  const [drawn, setDrawn] = useState<Drawn>(() => draw(document, catalogue, selected, null));
  if (drawn.document !== document || drawn.selected !== selected) setDrawn(draw(document, catalogue, selected, drawn));
  const onNodesChange = useCallback(
    (changes: NodeChange<FlowNode>[]) => {
      for (const change of changes) {
        if (change.type === "select" && change.selected && readFlowId(change.id).kind === "node") onSelect(change.id);
      }
      const measured = changes.filter((change) => change.type === "dimensions");
      if (measured.length > 0) setDrawn((before) => ({ ...before, nodes: applyNodeChanges(measured, before.nodes) }));
    },
    [onSelect],
  );
  const { nodes, edges } = drawn;
  return (
    <ModelContext value={model}>
      <ReactFlowProvider>
        <ReactFlow
          aria-label="Pipeline"
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          onNodesChange={onNodesChange}
          nodesDraggable={false}
          nodesConnectable={false}
          edgesFocusable={false}
          edgesReconnectable={false}
          connectOnClick={false}
          deleteKeyCode={null}
          selectionKeyCode={null}
          multiSelectionKeyCode={null}
          onlyRenderVisibleElements={nodes.length > 150}
          {...zoomLimits}
          attributionPosition="bottom-center"
        >
          <CanvasChrome />
          <FirstFit isEmpty={nodes.length === 0} />
        </ReactFlow>
      </ReactFlowProvider>
    </ModelContext>
  );
}

interface Drawn {
  readonly document: PipelineDocument;
  readonly selected: string | null;
  readonly nodes: FlowNode[];
  readonly edges: FlowEdge[];
}

function draw(document: PipelineDocument, catalogue: Catalogue, selected: string | null, before: Drawn | null): Drawn {
  const ports = cardPorts(document.pipeline, catalogue, new Map());
  const selection = selectionOf({ nodes: selected === null ? [] : [selected] });
  return {
    document,
    selected,
    nodes: flowNodes(document, ports, selection, before?.nodes ?? []),
    edges: flowEdges(document.pipeline, ports, selection, before?.edges ?? []),
  };
}

const ReadOnlyNode = memo(function ReadOnlyNode({ id, data }: NodeProps<PipelineFlowNode>) {
  const model = useContext(ModelContext);
  const node = model === null ? undefined : entryOf(model.document.pipeline.nodes, id);
  if (model === null || node === undefined) return null;
  const definition = model.catalogue.find(node.type);
  const { ports } = data;
  return (
    <>
      <NodeCard
        title={node.label !== "" ? node.label : (definition?.label ?? node.type)}
        category={definition?.category ?? "transform"}
        icon={definition?.icon ?? "unplug"}
        headline={model.headlineOf(id)}
        state={definition === undefined ? { kind: "unknown", type: node.type } : { kind: "fine" }}
        disabled={node.disabled}
        changed={false}
        failure={null}
        ports={<PortRows ports={ports} />}
        foot={
          !node.disabled && (
            <LiveFoot
              slug={id}
              hasInput={ports.inputs.length > 0}
              hasOutput={ports.outputs.length > 0}
              showsWatermark={definition?.category === "window"}
            />
          )
        }
      />
      <PortHandles ports={ports} connectable={false} />
    </>
  );
});

const ReadOnlyNote = memo(function ReadOnlyNote({ data }: NodeProps<NoteFlowNode>) {
  return <div className="note">{data.note.text}</div>;
});

const nodeTypes: NodeTypes = { "pipeline-node": ReadOnlyNode, note: ReadOnlyNote };
const edgeTypes = { "pipeline-edge": PipelineEdge };
