import {
  autocompletion,
  type Completion as CodeMirrorCompletion,
  type CompletionContext,
  type CompletionResult,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { type Extension, RangeSetBuilder } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, keymap, placeholder, tooltips, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import type { Field, HighlightKind } from "@millrace/engine";
import type { ExpressionAssist, Offer } from "./expression-assist.ts";
import { expressionTheme } from "./expression-theme.ts";
import { holeAt, templateHoles } from "./template-holes.ts";

export type ExpressionMode = "expression" | "template" | "clause";

export interface ExpressionExtensionOptions {
  readonly assist: ExpressionAssist;
  /** The fields as they are when they are asked for. */
  readonly fields: () => readonly Field[];
  /** `template`: text with expressions in braces; `clause`: a clause of SQL, in which nothing is completed. */
  readonly mode: ExpressionMode;
  readonly placeholder: string;
}

/** Everything that makes a CodeMirror an editor of expressions, but for what binds it to React. */
export function expressionExtensions(options: ExpressionExtensionOptions): Extension {
  return [
    history(),
    EditorView.lineWrapping,
    expressionTheme,
    highlighting(options),
    // Tooltips stand on the page, so that no panel cuts them off.
    typeof document === "undefined" ? [] : tooltips({ parent: document.body, position: "fixed" }),
    autocompletion({ override: [(context) => complete(context, options)], icons: false }),
    keymap.of([...completionKeymap, ...historyKeymap, ...defaultKeymap]),
    placeholder(options.placeholder),
  ];
}

function highlighting({ assist, mode }: ExpressionExtensionOptions): Extension {
  const build = (view: EditorView): DecorationSet => decorate(view.state.doc.toString(), assist, mode);
  return ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;
      constructor(view: EditorView) {
        this.decorations = build(view);
      }
      update(update: ViewUpdate): void {
        if (update.docChanged) this.decorations = build(update.view);
      }
    },
    { decorations: (plugin) => plugin.decorations },
  );
}

function decorate(text: string, assist: ExpressionAssist, mode: ExpressionExtensionOptions["mode"]): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  const holes = mode === "template" ? templateHoles(text) : [{ start: 0, end: text.length }];
  for (const hole of holes) {
    if (mode === "template") builder.add(hole.start - 1, Math.min(text.length, hole.end + 1), holeMark);
    const highlight = mode === "clause" ? assist.highlightClause : assist.highlight;
    for (const span of highlight(text.slice(hole.start, hole.end))) {
      if (span.end > span.start) builder.add(hole.start + span.start, hole.start + span.end, markOf(span.kind));
    }
  }
  return builder.finish();
}

const holeMark = Decoration.mark({ class: "cm-x-hole" });
const marks = new Map<HighlightKind, Decoration>();

function markOf(kind: HighlightKind): Decoration {
  const known = marks.get(kind);
  if (known !== undefined) return known;
  const mark = Decoration.mark({ class: `cm-x-${kind}` });
  marks.set(kind, mark);
  return mark;
}

function complete(context: CompletionContext, { assist, fields, mode }: ExpressionExtensionOptions): CompletionResult | null {
  if (mode === "clause") return null;
  const text = context.state.doc.toString();
  const hole = mode === "template" ? holeAt(text, context.pos) : { start: 0, end: text.length };
  if (hole === null) return null;
  const found = assist.complete(text.slice(hole.start, hole.end), context.pos - hole.start, fields());
  if (found.offers.length === 0) return null;
  const from = hole.start + found.from;
  if (!context.explicit && from === context.pos && mode === "expression") return null;
  return { from, options: found.offers.map(asOption), validFor: /^[\w`]*$/ };
}

function asOption(offer: Offer): CodeMirrorCompletion {
  return {
    label: offer.label,
    detail: offer.detail,
    type: offer.kind,
    boost: offer.kind === "field" ? 2 : offer.kind === "function" ? 1 : 0,
    apply: offer.kind === "function" ? applyFunction(offer.insert) : offer.insert,
    ...(offer.doc === "" ? {} : { info: () => infoOf(offer) }),
  };
}

/** A function is inserted with both parentheses, the cursor between them; with none where one follows already. */
function applyFunction(insert: string): NonNullable<CodeMirrorCompletion["apply"]> {
  return (view, _, from, to) => {
    const isOpen = insert.endsWith("(");
    const name = isOpen ? insert.slice(0, -1) : insert;
    const text = !isOpen ? insert : view.state.sliceDoc(to, to + 1) === "(" ? name : `${name}()`;
    const anchor = from + (isOpen ? name.length + 1 : text.length);
    view.dispatch({ changes: { from, to, insert: text }, selection: { anchor }, userEvent: "input.complete" });
  };
}

function infoOf(offer: Offer): HTMLElement {
  const box = document.createElement("div");
  const words = document.createElement("p");
  words.textContent = offer.doc;
  box.append(words);
  for (const example of offer.examples) {
    const line = document.createElement("p");
    line.className = "cm-x-example";
    line.textContent = example;
    box.append(line);
  }
  return box;
}
