import type { PipelineDocument } from "@millrace/engine";
import { edgeId } from "./port-ref.ts";

/** What is selected: slugs of nodes, `edgeId`s of edges, ids of notes. */
export interface Selection {
  readonly nodes: ReadonlySet<string>;
  readonly edges: ReadonlySet<string>;
  readonly notes: ReadonlySet<string>;
}

const none: ReadonlySet<string> = new Set();

export const emptySelection: Selection = { nodes: none, edges: none, notes: none };

/** A selection of these things; what is left out is empty. */
export function selectionOf(items: {
  readonly nodes?: Iterable<string>;
  readonly edges?: Iterable<string>;
  readonly notes?: Iterable<string>;
}): Selection {
  return { nodes: new Set(items.nodes ?? []), edges: new Set(items.edges ?? []), notes: new Set(items.notes ?? []) };
}

/** Everything in a document. */
export function selectionOfAll(document: PipelineDocument): Selection {
  return selectionOf({
    nodes: Object.keys(document.pipeline.nodes),
    edges: document.pipeline.edges.map(edgeId),
    notes: document.layout.notes.map((note) => note.id),
  });
}

export function isEmptySelection(selection: Selection): boolean {
  return selection.nodes.size + selection.edges.size + selection.notes.size === 0;
}

export function sameSelection(a: Selection, b: Selection): boolean {
  return a === b || (sameSet(a.nodes, b.nodes) && sameSet(a.edges, b.edges) && sameSet(a.notes, b.notes));
}

/** The part of a selection that a document still has; the same object when that is all of it. */
export function pruneSelection(selection: Selection, document: PipelineDocument): Selection {
  if (isEmptySelection(selection)) return selection;
  const edges = new Set(document.pipeline.edges.map(edgeId));
  const notes = new Set(document.layout.notes.map((note) => note.id));
  const pruned: Selection = {
    nodes: keep(selection.nodes, (slug) => Object.hasOwn(document.pipeline.nodes, slug)),
    edges: keep(selection.edges, (id) => edges.has(id)),
    notes: keep(selection.notes, (id) => notes.has(id)),
  };
  return sameSelection(selection, pruned) ? selection : pruned;
}

/** The one selected node, when exactly one node and nothing else is selected. */
export function soleNode(selection: Selection): string | null {
  if (selection.nodes.size !== 1 || selection.edges.size + selection.notes.size > 0) return null;
  for (const slug of selection.nodes) return slug;
  return null;
}

function keep(set: ReadonlySet<string>, test: (id: string) => boolean): ReadonlySet<string> {
  const kept = new Set<string>();
  for (const id of set) if (test(id)) kept.add(id);
  return kept.size === set.size ? set : kept;
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  if (a.size !== b.size) return false;
  for (const id of a) if (!b.has(id)) return false;
  return true;
}
