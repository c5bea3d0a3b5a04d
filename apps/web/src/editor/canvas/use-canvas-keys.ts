"use client";

import { useEffect } from "react";
import { toast } from "../../design/Toaster.tsx";
import {
  copySelection,
  duplicateSelection,
  nudgeSelection,
  pasteText,
  removeSelection,
  selectAll,
  selectNode,
  selectNothing,
  toggleDisabled,
} from "../session/actions.ts";
import type { EditorSession } from "../session/editor-session.ts";
import { readFlowId } from "./flow-elements.ts";

const arrows: Readonly<Record<string, { readonly x: number; readonly y: number }>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** The keyboard of the editor. Keys in fields, menus and dialogs are left to them. */
export function useCanvasKeys(session: EditorSession): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || isTakenElsewhere(event.target)) return;
      const handled = event.metaKey || event.ctrlKey ? onCommand(session, event) : onPlainKey(session, event);
      if (handled) event.preventDefault();
    };
    const onCopy = (event: ClipboardEvent): void => {
      if (isTakenElsewhere(event.target) || !document.getSelection()?.isCollapsed) return;
      const text = copySelection(session);
      if (text === null) return;
      event.clipboardData?.setData("text/plain", text);
      event.preventDefault();
      if (event.type === "cut") removeSelection(session);
    };
    const onPaste = (event: ClipboardEvent): void => {
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (isTakenElsewhere(event.target) || !text.trimStart().startsWith("{")) return;
      event.preventDefault();
      const result = pasteText(session, text, null);
      if (!result.ok)
        toast.error("Nothing was pasted", { description: result.diagnostics[0]?.message ?? "The clipboard holds no pipeline." });
    };
    document.addEventListener("keydown", onKeyDown);
    document.addEventListener("copy", onCopy);
    document.addEventListener("cut", onCopy);
    document.addEventListener("paste", onPaste);
    return () => {
      document.removeEventListener("keydown", onKeyDown);
      document.removeEventListener("copy", onCopy);
      document.removeEventListener("cut", onCopy);
      document.removeEventListener("paste", onPaste);
    };
  }, [session]);
}

function onCommand(session: EditorSession, event: KeyboardEvent): boolean {
  const key = event.key.toLowerCase();
  if (key === "z" && event.shiftKey) session.store.redo();
  else if (key === "z") session.store.undo();
  else if (key === "y") session.store.redo();
  else if (key === "a") selectAll(session);
  else if (key === "d") duplicateSelection(session);
  else if (key === "s") void session.autosave.flush();
  else return false;
  return true;
}

function onPlainKey(session: EditorSession, event: KeyboardEvent): boolean {
  if (event.key === "/") return focusPalette(session);
  if (event.code === "Digit1" && event.shiftKey) {
    session.canvas.get()?.fitView();
    return true;
  }
  if (!isOnCanvas(event.target)) return false;
  const arrow = arrows[event.key];
  if (arrow !== undefined) {
    const steps = event.shiftKey ? 5 : 1;
    nudgeSelection(session, { x: arrow.x * steps, y: arrow.y * steps });
  } else if (event.key === "Delete" || event.key === "Backspace") removeSelection(session);
  else if (event.key === "Escape") selectNothing(session);
  else if (event.key === "Enter" || event.key === " ") return selectFocused(session, event.target);
  else if (event.key.toLowerCase() === "e" && event.shiftKey) toggleDisabled(session, [...session.store.selection.nodes]);
  else return false;
  return true;
}

function focusPalette(session: EditorSession): boolean {
  session.ui.update((ui) => ({ ...ui, paletteOpen: true, paletteTab: "add" }));
  // The search field may only just be on the page.
  requestAnimationFrame(() => document.getElementById("palette-search")?.focus());
  return true;
}

/** Enter on a card selects it; on the card that is selected already, it leads into its settings. */
function selectFocused(session: EditorSession, target: EventTarget | null): boolean {
  const element = target instanceof Element ? target.closest(".react-flow__node, .react-flow__edge") : null;
  const id = element?.getAttribute("data-id");
  if (element == null || id == null) return false;
  if (element.classList.contains("react-flow__edge")) {
    session.store.select({ nodes: new Set(), edges: new Set([id]), notes: new Set() });
    return true;
  }
  const read = readFlowId(id);
  if (read.kind === "note") session.store.select({ nodes: new Set(), edges: new Set(), notes: new Set([read.id]) });
  else if (session.store.selection.nodes.has(read.id))
    document.querySelector<HTMLElement>("#inspector [data-param] :is(input, button, textarea, [contenteditable])")?.focus();
  else selectNode(session, read.id);
  return true;
}

/** True where keys belong to something else: fields, menus, lists, dialogs. */
function isTakenElsewhere(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest("input, textarea, select, [contenteditable=true], [role=dialog], [role=menu], [role=listbox]") !== null
  );
}

/** True when the focus is on the canvas, or nowhere. */
function isOnCanvas(target: EventTarget | null): boolean {
  return target === document.body || (target instanceof Element && target.closest(".react-flow") !== null);
}
