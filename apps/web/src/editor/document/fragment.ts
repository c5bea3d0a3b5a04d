import { type Catalogue, formatVersion, type GraphNode, type Note, type PipelineDocument, type Position } from "@millrace/engine";
import { nodeName } from "./connection-refusal.ts";
import { withParts } from "./document-parts.ts";
import { type EditOutcome, edited } from "./edit-outcome.ts";
import { freshSlug } from "./fresh-slug.ts";
import { gridStep, snapToGrid } from "./grid.ts";
import { entryOf, recordOf, withEntries } from "./plain-record.ts";
import { edgeId, readPortRef, sortEdges, writePortRef } from "./port-ref.ts";
import { isEmptySelection, type Selection, selectionOf } from "./selection.ts";

/** Canvas px between an original and its copy. */
const copyOffset = 2 * gridStep;

/**
 * The selected nodes and notes, and the edges among these nodes, as a document of their own: what the clipboard
 * holds. Null when the selection holds neither nodes nor notes.
 */
export function copyFragment(document: PipelineDocument, selection: Selection): PipelineDocument | null {
  if (selection.nodes.size + selection.notes.size === 0) return null;
  const { pipeline, layout } = document;
  const inside = (end: string): boolean => selection.nodes.has(readPortRef(end).node);
  return {
    formatVersion,
    pipeline: {
      ...pipeline,
      nodes: recordOf(Object.entries(pipeline.nodes).filter(([slug]) => selection.nodes.has(slug))),
      edges: pipeline.edges.filter((edge) => inside(edge.from) && inside(edge.to)),
      tests: [],
    },
    layout: {
      nodes: recordOf(Object.entries(layout.nodes).filter(([slug]) => selection.nodes.has(slug))),
      notes: layout.notes.filter((note) => selection.notes.has(note.id)),
    },
  };
}

/**
 * Adds the nodes, edges and notes of a fragment (any document) under fresh names and selects them. Its top left
 * corner comes to `at` (canvas px), or a little off the originals when `at` is null.
 */
export function pasteFragment(
  document: PipelineDocument,
  catalogue: Catalogue,
  fragment: PipelineDocument,
  at: Position | null,
): EditOutcome {
  const { pipeline, layout } = document;
  const shift = pasteShift(fragment, at);
  const slugs = freshSlugs(document, catalogue, fragment);
  const nodes: [string, GraphNode][] = [];
  const positions: [string, Position][] = [];
  for (const [slug, node] of Object.entries(fragment.pipeline.nodes)) {
    const fresh = slugs.get(slug) ?? slug;
    const position = entryOf(fragment.layout.nodes, slug) ?? { x: 0, y: 0 };
    nodes.push([fresh, node]);
    positions.push([fresh, snapToGrid({ x: position.x + shift.x, y: position.y + shift.y })]);
  }
  const renamed = (end: string): string => {
    const ref = readPortRef(end);
    return writePortRef({ node: slugs.get(ref.node) ?? ref.node, port: ref.port });
  };
  const edges = fragment.pipeline.edges.map((edge) => ({ from: renamed(edge.from), to: renamed(edge.to) }));
  const notes = pastedNotes(layout.notes, fragment.layout.notes, shift);
  const next = withParts(document, {
    nodes: withEntries(pipeline.nodes, nodes),
    edges: edges.length === 0 ? pipeline.edges : sortEdges([...pipeline.edges, ...edges]),
    positions: withEntries(layout.nodes, positions),
    notes: notes.length === 0 ? layout.notes : [...layout.notes, ...notes],
  });
  const selection = selectionOf({ nodes: slugs.values(), edges: edges.map(edgeId), notes: notes.map((note) => note.id) });
  return edited(next, selection);
}

/** Copies and pastes the selection at once, a little off. */
export function duplicateItems(document: PipelineDocument, catalogue: Catalogue, selection: Selection): EditOutcome {
  const fragment = isEmptySelection(selection) ? null : copyFragment(document, selection);
  return fragment === null ? edited(document) : pasteFragment(document, catalogue, fragment, null);
}

function freshSlugs(document: PipelineDocument, catalogue: Catalogue, fragment: PipelineDocument): ReadonlyMap<string, string> {
  const slugs = new Map<string, string>();
  const given = new Set<string>();
  for (const [slug, node] of Object.entries(fragment.pipeline.nodes)) {
    const isTaken = (candidate: string): boolean => given.has(candidate) || Object.hasOwn(document.pipeline.nodes, candidate);
    const fresh = isTaken(slug) ? freshSlug(nodeName(node, catalogue), isTaken) : slug;
    given.add(fresh);
    slugs.set(slug, fresh);
  }
  return slugs;
}

function pasteShift(fragment: PipelineDocument, at: Position | null): Position {
  if (at === null) return { x: copyOffset, y: copyOffset };
  const corners: readonly Position[] = [...Object.values(fragment.layout.nodes), ...fragment.layout.notes];
  if (corners.length === 0) return at;
  return { x: at.x - Math.min(...corners.map((c) => c.x)), y: at.y - Math.min(...corners.map((c) => c.y)) };
}

function pastedNotes(existing: readonly Note[], pasted: readonly Note[], shift: Position): readonly Note[] {
  const taken = new Set(existing.map((note) => note.id));
  let n = existing.length + 1;
  return pasted.map((note) => {
    while (taken.has(`note_${n}`)) n++;
    const id = `note_${n}`;
    taken.add(id);
    return { ...note, id, ...snapToGrid({ x: note.x + shift.x, y: note.y + shift.y }) };
  });
}
