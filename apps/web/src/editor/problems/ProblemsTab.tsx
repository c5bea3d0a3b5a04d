"use client";

import type { Diagnostic, Severity } from "@millrace/engine";
import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import { nodeName } from "../document/connection-refusal.ts";
import { entryOf } from "../document/plain-record.ts";
import { selectionOf } from "../document/selection.ts";
import { selectNode } from "../session/actions.ts";
import type { EditorSession } from "../session/editor-session.ts";
import { focusParam } from "../session/editor-ui.ts";
import { useEditorState, useObservable, useSession } from "../session/use-session.ts";
import { listProblems } from "./problem-list.ts";

/** Icon, word and colour of every severity. */
export const severityLooks: Readonly<Record<Severity, { readonly icon: typeof CircleAlert; readonly word: string; readonly ink: string }>> =
  {
    error: { icon: CircleAlert, word: "Error", ink: "text-danger" },
    warning: { icon: TriangleAlert, word: "Warning", ink: "text-warn" },
    info: { icon: Info, word: "Note", ink: "text-info" },
  };

/** All findings of the checker. A click leads to the place. */
export function ProblemsTab() {
  const session = useSession();
  const problems = listProblems(useObservable(session.checks.report));
  const isEmpty = useEditorState((state) => Object.keys(state.document.pipeline.nodes).length === 0);
  if (problems.length === 0 || isEmpty) {
    return (
      <p className="flex items-center gap-2 p-4 text-13 text-ink-2">
        <CircleCheck size={16} aria-hidden className="text-ok" />
        {isEmpty ? "Nothing to check yet." : "No problems."}
      </p>
    );
  }
  return (
    <ul className="p-1" aria-label="Problems">
      {problems.map((problem) => (
        <li key={keyOf(problem)}>
          <ProblemRow problem={problem} onGo={() => goTo(session, problem)} />
        </li>
      ))}
    </ul>
  );
}

function ProblemRow({ problem, onGo }: { readonly problem: Diagnostic; readonly onGo: () => void }) {
  const { catalogue } = useSession().language;
  const node = useEditorState((state) =>
    problem.place.node === undefined ? undefined : entryOf(state.document.pipeline.nodes, problem.place.node),
  );
  const { icon: Icon, word, ink } = severityLooks[problem.severity];
  const place =
    node !== undefined
      ? nodeName(node, catalogue)
      : problem.place.edge !== undefined
        ? `${problem.place.edge.from} → ${problem.place.edge.to}`
        : "Pipeline";
  return (
    <button
      type="button"
      onClick={onGo}
      className="grid w-full grid-cols-[80px_minmax(0,1fr)_auto] items-start gap-3 rounded-control px-3 py-1.5 text-left text-13 hover:bg-surface-2"
    >
      <span className={`flex items-center gap-1.5 font-medium ${ink}`}>
        <Icon size={14} aria-hidden />
        {word}
      </span>
      <span className="min-w-0 text-ink">
        {problem.message}
        {problem.fix !== undefined && <span className="text-ink-2"> {problem.fix}</span>}
      </span>
      <span className="max-w-60 truncate text-12 text-ink-3">{place}</span>
    </button>
  );
}

/** Selects what a finding is about, brings it into view, and puts the focus into the parameter. */
export function goTo(session: EditorSession, { place }: Diagnostic): void {
  if (place.edge !== undefined) session.store.select(selectionOf({ edges: [`${place.edge.from}>${place.edge.to}`] }));
  if (place.node === undefined) return;
  selectNode(session, place.node);
  session.canvas.get()?.reveal(place.node);
  if (place.param !== undefined) focusParam(session.ui, place.node, place.param);
}

function keyOf({ code, message, place }: Diagnostic): string {
  return `${code} ${place.node ?? ""} ${place.param ?? ""} ${place.span?.start ?? ""} ${message}`;
}
