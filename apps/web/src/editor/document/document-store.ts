import type { PipelineDocument } from "@millrace/engine";
import type { EditOutcome } from "./edit-outcome.ts";
import { emptyHistory, type History, recordStep, redoStep, type StepOptions, sealBurst, undoStep } from "./history.ts";
import { emptySelection, pruneSelection, type Selection, sameSelection } from "./selection.ts";

/** The editor's state at one moment; immutable. */
export interface EditorState {
  readonly document: PipelineDocument;
  readonly selection: Selection;
  readonly history: History;
}

/** A pure edit, as the command functions make them: `(document) => addNode(document, …)`. */
export type Edit = (document: PipelineDocument) => EditOutcome;

/**
 * Holds one document that is being edited. The only way to change the document is an edit command; what is
 * selected is kept beside it and is no change. Listeners are called synchronously after each change.
 */
export class DocumentStore {
  #state: EditorState;
  readonly #listeners = new Set<() => void>();
  readonly #now: () => number;

  /** `now` is any clock in ms; it only decides which edits are one burst. */
  constructor(document: PipelineDocument, now: () => number) {
    this.#state = { document, selection: emptySelection, history: emptyHistory };
    this.#now = now;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The same object until something changes. */
  readonly getSnapshot = (): EditorState => this.#state;

  get document(): PipelineDocument {
    return this.#state.document;
  }

  get selection(): Selection {
    return this.#state.selection;
  }

  /** Runs an edit and makes it one step of the history. A refusal changes nothing and is handed back. */
  edit(edit: Edit, options: StepOptions): EditOutcome {
    const { document, selection, history } = this.#state;
    const outcome = edit(document);
    if (!outcome.ok) return outcome;
    const nextSelection = pruneSelection(outcome.selection ?? selection, outcome.document);
    if (outcome.document === document) {
      this.select(nextSelection);
      return outcome;
    }
    const before = { document, selection };
    const after = { document: outcome.document, selection: nextSelection };
    this.#become({ ...after, history: recordStep(history, before, after, options, this.#now()) });
    return outcome;
  }

  /** Selects; what the document does not have is left out. */
  select(selection: Selection): void {
    const next = pruneSelection(selection, this.#state.document);
    if (sameSelection(next, this.#state.selection)) return;
    this.#become({ ...this.#state, selection: next });
  }

  /** Ends a burst of typing or dragging: the next edit is a step of its own. */
  seal(): void {
    const history = sealBurst(this.#state.history);
    if (history !== this.#state.history) this.#become({ ...this.#state, history });
  }

  /** Takes back the last step; false when there is none. */
  undo(): boolean {
    return this.#travel(undoStep(this.#state.history));
  }

  /** Makes the last undone step again; false when there is none. */
  redo(): boolean {
    return this.#travel(redoStep(this.#state.history));
  }

  /** Starts over with another document (the server's, after a conflict); nothing can be undone afterwards. */
  reset(document: PipelineDocument): void {
    this.#become({ document, selection: pruneSelection(this.#state.selection, document), history: emptyHistory });
  }

  #travel(step: ReturnType<typeof undoStep>): boolean {
    if (step === null) return false;
    this.#become({ ...step.moment, history: step.history });
    return true;
  }

  #become(state: EditorState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
