import type { PipelineDocument, Position, Result } from "@millrace/engine";
import { addAfter } from "../document/add-after.ts";
import { addNode } from "../document/add-node.ts";
import { copyFragment, duplicateItems, pasteFragment } from "../document/fragment.ts";
import { freePosition } from "../document/free-position.ts";
import { gridStep } from "../document/grid.ts";
import { nudgeItems } from "../document/move-items.ts";
import { addNote } from "../document/notes.ts";
import { removeItems } from "../document/remove-items.ts";
import { emptySelection, isEmptySelection, type Selection, selectionOf, selectionOfAll, soleNode } from "../document/selection.ts";
import { setDisabled } from "../document/set-disabled.ts";
import type { EditorSession } from "./editor-session.ts";

/** What a person can do with the selection or without one; the keyboard, the menus and the bars all come here. */

/** Adds a node of a kind: after the one that is selected, or else in the middle of what is seen. */
export function addKind(session: EditorSession, type: string): void {
  const { catalogue } = session.language;
  const definition = catalogue.find(type);
  const label = `Add ${definition?.label ?? type}`;
  const after = soleNode(session.store.selection);
  if (after !== null && (definition?.inputs.length ?? 0) > 0) {
    session.edit({ label }, (document) => addAfter(document, catalogue, type, after));
  } else {
    const center = session.canvas.get()?.center() ?? { x: 0, y: 0 };
    session.edit({ label }, (document) => {
      const place = freePosition(document, { x: center.x - 112, y: center.y - 28 });
      return addNode(document, catalogue, type, place);
    });
  }
  const added = soleNode(session.store.selection);
  if (added !== null) session.canvas.get()?.reveal(added);
}

export function addNoteHere(session: EditorSession): void {
  const center = session.canvas.get()?.center() ?? { x: 0, y: 0 };
  session.edit({ label: "Add note" }, (document) => addNote(document, { x: center.x - 112, y: center.y - 48 }));
}

export function removeSelection(session: EditorSession): void {
  const { selection } = session.store;
  if (isEmptySelection(selection)) return;
  session.edit({ label: `Delete ${countWords(selection)}` }, (document) => removeItems(document, selection));
}

export function duplicateSelection(session: EditorSession): void {
  const { selection } = session.store;
  session.edit({ label: `Duplicate ${countWords(selection)}` }, (document) =>
    duplicateItems(document, session.language.catalogue, selection),
  );
}

/** Moves the selection by whole grid steps. Repeated presses are one step of the history. */
export function nudgeSelection(session: EditorSession, steps: Position): void {
  const { selection } = session.store;
  session.edit({ label: `Move ${countWords(selection)}`, coalesce: "nudge" }, (document) =>
    nudgeItems(document, selection, steps.x * gridStep, steps.y * gridStep),
  );
}

export function selectAll(session: EditorSession): void {
  session.store.select(selectionOfAll(session.store.document));
}

export function selectNothing(session: EditorSession): void {
  session.store.select(emptySelection);
}

export function selectNode(session: EditorSession, slug: string): void {
  session.store.select(selectionOf({ nodes: [slug] }));
}

/** Disables the selected nodes, or enables them when all of them are disabled. */
export function toggleDisabled(session: EditorSession, slugs: readonly string[]): void {
  const { nodes } = session.store.document.pipeline;
  const disable = slugs.some((slug) => nodes[slug]?.disabled === false);
  session.edit({ label: disable ? "Disable" : "Enable" }, (document) => setDisabled(document, session.language.catalogue, slugs, disable));
}

/** The selection as pipeline JSON, for the clipboard; null when there is nothing to copy. */
export function copySelection(session: EditorSession): string | null {
  const fragment = copyFragment(session.store.document, session.store.selection);
  return fragment === null ? null : session.language.write(fragment);
}

/** Pastes pipeline JSON: nodes that were copied, or a whole pipeline. `at` is its top left corner, canvas px. */
export function pasteText(session: EditorSession, text: string, at: Position | null): Result<PipelineDocument> {
  const parsed = session.language.parse(text);
  if (parsed.ok) session.edit({ label: "Paste" }, (document) => pasteFragment(document, session.language.catalogue, parsed.value, at));
  return parsed;
}

function countWords({ nodes, edges, notes }: Selection): string {
  const count = nodes.size + edges.size + notes.size;
  const kind = nodes.size === count ? "node" : edges.size === count ? "connection" : notes.size === count ? "note" : "item";
  return count === 1 ? kind : `${count} ${kind}s`;
}
