import type { PipelineDocument } from "@millrace/engine";
import { withParts } from "./document-parts.ts";
import { type EditOutcome, edited } from "./edit-outcome.ts";
import { withoutEntries } from "./plain-record.ts";
import { edgeId, readPortRef } from "./port-ref.ts";
import { emptySelection, type Selection } from "./selection.ts";

/** Removes the selected nodes with their edges, the selected edges and the selected notes. */
export function removeItems(document: PipelineDocument, items: Selection): EditOutcome {
  const { pipeline, layout } = document;
  const touches = (end: string): boolean => items.nodes.has(readPortRef(end).node);
  const edges = pipeline.edges.filter((edge) => !items.edges.has(edgeId(edge)) && !touches(edge.from) && !touches(edge.to));
  const notes = layout.notes.filter((note) => !items.notes.has(note.id));
  const next = withParts(document, {
    nodes: withoutEntries(pipeline.nodes, items.nodes),
    edges: edges.length === pipeline.edges.length ? pipeline.edges : edges,
    positions: withoutEntries(layout.nodes, items.nodes),
    notes: notes.length === layout.notes.length ? layout.notes : notes,
  });
  return edited(next, emptySelection);
}
