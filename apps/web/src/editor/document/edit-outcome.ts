import type { PipelineDocument } from "@millrace/engine";
import type { Selection } from "./selection.ts";

/**
 * What an edit command returns. Commands are pure: `(document, …) → EditOutcome`. A command that changes nothing
 * returns the document that it was given, and is then no step of the history.
 */
export type EditOutcome =
  | {
      readonly ok: true;
      readonly document: PipelineDocument;
      /** What is selected afterwards; absent = as before, less what is gone. */
      readonly selection?: Selection;
    }
  | {
      readonly ok: false;
      /** Why not, as a sentence for the person who tried. */
      readonly reason: string;
    };

/** The edit was made. */
export function edited(document: PipelineDocument, selection?: Selection): EditOutcome {
  return selection === undefined ? { ok: true, document } : { ok: true, document, selection };
}

/** The edit was refused; the document stays as it is. */
export function refused(reason: string): EditOutcome {
  return { ok: false, reason };
}
