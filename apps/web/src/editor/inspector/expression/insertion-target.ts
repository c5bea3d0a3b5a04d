"use client";

import type { EditorView } from "@codemirror/view";
import { createContext, useContext } from "react";

/** The expression in which somebody wrote last; names that are clicked in the list of fields go there. */
export class InsertionTarget {
  #view: EditorView | null = null;

  focused(view: EditorView): void {
    this.#view = view;
  }

  gone(view: EditorView): void {
    if (this.#view === view) this.#view = null;
  }

  /** Writes `text` at the cursor, with a space where two words would run together; false when there is no such editor. */
  insert(text: string): boolean {
    const view = this.#view;
    if (view === null) return false;
    const { from, to } = view.state.selection.main;
    const before = view.state.sliceDoc(Math.max(0, from - 1), from);
    const spaced = /[\w`']/.test(before) ? ` ${text}` : text;
    view.dispatch({ changes: { from, to, insert: spaced }, selection: { anchor: from + spaced.length }, userEvent: "input" });
    view.focus();
    return true;
  }
}

export const InsertionTargetContext = createContext<InsertionTarget>(new InsertionTarget());

export function useInsertionTarget(): InsertionTarget {
  return useContext(InsertionTargetContext);
}
