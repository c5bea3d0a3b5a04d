"use client";

import { type Diagnostic as LintDiagnostic, setDiagnostics } from "@codemirror/lint";
import { Compartment, EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import type { Diagnostic, Field } from "@millrace/engine";
import { useEffect, useRef } from "react";
import { useSession } from "../../session/use-session.ts";
import { isWrong } from "../fields/field-props.ts";
import { type ExpressionMode, expressionExtensions } from "./expression-extensions.ts";
import { useInsertionTarget } from "./insertion-target.ts";

export interface ExpressionEditorProps {
  /** Read aloud; the visible label stands above. */
  readonly label: string;
  readonly describedBy?: string | undefined;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onSettle: () => void;
  /** What can be referred to; empty while nobody knows. */
  readonly fields: readonly Field[];
  /** Findings about this very text. */
  readonly diagnostics: readonly Diagnostic[];
  readonly mode?: ExpressionMode;
  readonly placeholder?: string;
}

/** One expression or template: highlighted, completed, with squiggles where something is wrong. It grows with its text. */
export function ExpressionEditor(props: ExpressionEditorProps) {
  const { value, diagnostics, label, describedBy } = props;
  const { expressions } = useSession().language;
  const target = useInsertionTarget();
  const element = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const newest = useRef(props);
  useEffect(() => {
    newest.current = props;
  });

  const isInvalid = diagnostics.some(isWrong);
  const attributes = useRef(new Compartment());

  useEffect(() => {
    if (element.current === null) return;
    const created = new EditorView({
      parent: element.current,
      state: EditorState.create({
        doc: newest.current.value,
        extensions: [
          expressionExtensions({
            assist: expressions,
            fields: () => newest.current.fields,
            mode: newest.current.mode ?? "expression",
            placeholder: newest.current.placeholder ?? "",
          }),
          attributes.current.of([]),
          EditorView.updateListener.of((update) => {
            if (update.focusChanged && update.view.hasFocus) target.focused(update.view);
            if (update.focusChanged && !update.view.hasFocus) newest.current.onSettle();
            if (!update.docChanged) return;
            const text = update.state.doc.toString();
            if (text !== newest.current.value) newest.current.onChange(text);
          }),
        ],
      }),
    });
    view.current = created;
    return () => {
      target.gone(created);
      created.destroy();
      view.current = null;
    };
  }, [expressions, target]);

  // An undo or another person's change comes from outside.
  useEffect(() => {
    const current = view.current;
    if (current === null || current.state.doc.toString() === value) return;
    current.dispatch({ changes: { from: 0, to: current.state.doc.length, insert: value } });
  }, [value]);

  useEffect(() => {
    const current = view.current;
    if (current === null) return;
    const content: Record<string, string> = { "aria-label": label, spellcheck: "false", autocapitalize: "off" };
    if (describedBy !== undefined) content["aria-describedby"] = describedBy;
    if (isInvalid) content["aria-invalid"] = "true";
    current.dispatch({
      effects: attributes.current.reconfigure([
        EditorView.contentAttributes.of(content),
        EditorView.editorAttributes.of({ class: isInvalid ? "is-invalid" : "" }),
      ]),
    });
  }, [label, describedBy, isInvalid]);

  useEffect(() => {
    const current = view.current;
    if (current === null) return;
    const { length } = current.state.doc;
    current.dispatch(
      setDiagnostics(
        current.state,
        diagnostics.flatMap((diagnostic) => squiggle(diagnostic, length)),
      ),
    );
  }, [diagnostics]);

  return <div ref={element} className="min-w-0" />;
}

/** A diagnostic as CodeMirror underlines it. A place without width takes in the character before or after it. */
function squiggle({ severity, message, fix, place }: Diagnostic, length: number): LintDiagnostic[] {
  if (place.span === undefined || length === 0) return [];
  let from = Math.min(place.span.start, length);
  let to = Math.min(place.span.end, length);
  if (from === to) {
    if (to < length) to++;
    else from--;
  }
  return [{ from, to, severity, message: fix === undefined ? message : `${message} ${fix}` }];
}
