import type { Note, PipelineDocument, Position } from "@millrace/engine";
import { withParts } from "./document-parts.ts";
import { type EditOutcome, edited, refused } from "./edit-outcome.ts";
import { snapToGrid } from "./grid.ts";
import { selectionOf } from "./selection.ts";

/** Longest text of a note, UTF-16 units. */
export const longestNote = 4000;

/** Smallest and largest side of a note, px. */
const shortestSide = 96;
const longestSide = 960;

/** Adds an empty note and selects it. */
export function addNote(document: PipelineDocument, position: Position): EditOutcome {
  const { notes } = document.layout;
  const taken = new Set(notes.map((note) => note.id));
  let n = notes.length + 1;
  while (taken.has(`note_${n}`)) n++;
  const note: Note = { id: `note_${n}`, text: "", ...snapToGrid(position), width: 224, height: 96 };
  return edited(withParts(document, { notes: [...notes, note] }), selectionOf({ notes: [note.id] }));
}

/** Sets the text of a note. */
export function setNoteText(document: PipelineDocument, id: string, text: string): EditOutcome {
  if (text.length > longestNote) return refused(`The note is ${text.length} characters long; the limit is ${longestNote}.`);
  return withNote(document, id, (note) => (note.text === text ? note : { ...note, text }));
}

/** Sets size and place of a note, canvas px. */
export function resizeNote(
  document: PipelineDocument,
  id: string,
  box: Position & { readonly width: number; readonly height: number },
): EditOutcome {
  const side = (value: number): number => Math.round(Math.max(shortestSide, Math.min(longestSide, value)));
  return withNote(document, id, (note) => ({ ...note, ...snapToGrid(box), width: side(box.width), height: side(box.height) }));
}

function withNote(document: PipelineDocument, id: string, change: (note: Note) => Note): EditOutcome {
  const { notes } = document.layout;
  const index = notes.findIndex((note) => note.id === id);
  if (index < 0) return refused("This note no longer exists.");
  const note = change(notes[index]);
  return edited(note === notes[index] ? document : withParts(document, { notes: notes.with(index, note) }));
}
