import type { PipelineDocument, Position } from "@millrace/engine";
import { withParts } from "./document-parts.ts";
import { type EditOutcome, edited } from "./edit-outcome.ts";
import { snapToGrid } from "./grid.ts";
import { entryOf, type PlainRecord, recordOf, withEntries } from "./plain-record.ts";
import type { Selection } from "./selection.ts";

/** Puts nodes and notes at new positions (canvas px, snapped to the grid); unknown names are ignored. */
export function moveItems(
  document: PipelineDocument,
  items: { readonly nodes?: PlainRecord<Position>; readonly notes?: PlainRecord<Position> },
): EditOutcome {
  const { pipeline, layout } = document;
  const entries: [string, Position][] = [];
  for (const [slug, position] of Object.entries(items.nodes ?? {})) {
    const snapped = snapToGrid(position);
    const before = entryOf(layout.nodes, slug);
    if (!Object.hasOwn(pipeline.nodes, slug) || (before?.x === snapped.x && before.y === snapped.y)) continue;
    entries.push([slug, snapped]);
  }
  const moved = items.notes ?? {};
  let notesChanged = false;
  const notes = layout.notes.map((note) => {
    const position = entryOf(moved, note.id);
    const snapped = position === undefined ? note : snapToGrid(position);
    if (snapped.x === note.x && snapped.y === note.y) return note;
    notesChanged = true;
    return { ...note, ...snapped };
  });
  return edited(withParts(document, { positions: withEntries(layout.nodes, entries), notes: notesChanged ? notes : layout.notes }));
}

/** Moves the selected nodes and notes by a distance, canvas px. */
export function nudgeItems(document: PipelineDocument, selection: Selection, dx: number, dy: number): EditOutcome {
  const shifted = (id: string, at: Position): [string, Position] => [id, { x: at.x + dx, y: at.y + dy }];
  const nodes = Object.entries(document.layout.nodes).filter(([slug]) => selection.nodes.has(slug));
  const notes = document.layout.notes.filter((note) => selection.notes.has(note.id));
  return moveItems(document, {
    nodes: recordOf(nodes.map(([slug, at]) => shifted(slug, at))),
    notes: recordOf(notes.map((note) => shifted(note.id, note))),
  });
}
