import type { Graph, Note, PipelineDocument } from "@millrace/engine";
import type { Edge, Node } from "@xyflow/react";
import { entryOf } from "../document/plain-record.ts";
import { edgeId, readPortRef } from "../document/port-ref.ts";
import type { Selection } from "../document/selection.ts";
import { type CardPorts, danglingEdges } from "./card-ports.ts";
import { cardHeight, cardWidth } from "./card-size.ts";
import { topologicalOrder } from "./topological-order.ts";

/** A node of the pipeline, as the canvas holds it. */
export type PipelineFlowNode = Node<{ readonly ports: CardPorts }, "pipeline-node">;

/** A note, as the canvas holds it; its id is prefixed, for a node may have the same one. */
export type NoteFlowNode = Node<{ readonly note: Note }, "note">;

export type FlowNode = PipelineFlowNode | NoteFlowNode;

export type FlowEdge = Edge<{ readonly dangling: boolean }, "pipeline-edge">;

const notePrefix = "note:";

/** Id of a note on the canvas. */
export function noteFlowId(id: string): string {
  return notePrefix + id;
}

/** What an element of the canvas stands for. */
export function readFlowId(id: string): { readonly kind: "node" | "note"; readonly id: string } {
  return id.startsWith(notePrefix) ? { kind: "note", id: id.slice(notePrefix.length) } : { kind: "node", id };
}

/**
 * The nodes and notes of a document for the canvas, in reading order. What did not change since `previous` is the
 * same object, so that only what changed is drawn again; sizes that the canvas has measured are kept.
 */
export function flowNodes(
  document: PipelineDocument,
  ports: ReadonlyMap<string, CardPorts>,
  selection: Selection,
  previous: readonly FlowNode[],
): FlowNode[] {
  const before = new Map(previous.map((node) => [node.id, node]));
  const notes = document.layout.notes.map((note) => noteNode(note, selection.notes.has(note.id), before.get(noteFlowId(note.id))));
  const nodes = topologicalOrder(document.pipeline, document.layout).map((slug): FlowNode => {
    const card = ports.get(slug) ?? noPorts;
    const position = entryOf(document.layout.nodes, slug) ?? { x: 0, y: 0 };
    const selected = selection.nodes.has(slug);
    const old = before.get(slug);
    if (old?.type === "pipeline-node" && old.data.ports === card && isAt(old, position, selected)) return old;
    return {
      ...(old?.type === "pipeline-node" ? old : {}),
      id: slug,
      type: "pipeline-node",
      position,
      selected,
      dragging: false,
      data: { ports: card },
      initialWidth: cardWidth,
      initialHeight: cardHeight(card, false),
    };
  });
  return [...notes, ...nodes];
}

/** The edges of a graph for the canvas, with the same economy as `flowNodes`. */
export function flowEdges(
  graph: Graph,
  ports: ReadonlyMap<string, CardPorts>,
  selection: Selection,
  previous: readonly FlowEdge[],
): FlowEdge[] {
  const before = new Map(previous.map((edge) => [edge.id, edge]));
  const dangling = danglingEdges(graph, ports);
  return graph.edges.map((edge) => {
    const id = edgeId(edge);
    const selected = selection.edges.has(id);
    const isDangling = dangling.has(id);
    const old = before.get(id);
    if (old !== undefined && old.selected === selected && old.data?.dangling === isDangling) return old;
    const from = readPortRef(edge.from);
    const to = readPortRef(edge.to);
    return {
      id,
      type: "pipeline-edge",
      source: from.node,
      sourceHandle: from.port,
      target: to.node,
      targetHandle: to.port,
      selected,
      data: { dangling: isDangling },
    };
  });
}

const noPorts: CardPorts = { inputs: [], outputs: [], sides: [] };

function noteNode(note: Note, selected: boolean, old: FlowNode | undefined): FlowNode {
  if (old?.type === "note" && old.data.note === note && isAt(old, note, selected)) return old;
  return {
    ...(old?.type === "note" ? old : {}),
    id: noteFlowId(note.id),
    type: "note",
    position: { x: note.x, y: note.y },
    width: note.width,
    height: note.height,
    selected,
    dragging: false,
    zIndex: -1,
    data: { note },
  };
}

function isAt(node: FlowNode, position: { readonly x: number; readonly y: number }, selected: boolean): boolean {
  return node.position.x === position.x && node.position.y === position.y && node.selected === selected && node.dragging !== true;
}
