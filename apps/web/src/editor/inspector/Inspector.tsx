"use client";

import { useState } from "react";
import { soleNode } from "../document/selection.ts";
import { useEditorState } from "../session/use-session.ts";
import { InsertionTarget, InsertionTargetContext } from "./expression/insertion-target.ts";
import { NodeInspector } from "./NodeInspector.tsx";
import { PipelineInspector } from "./PipelineInspector.tsx";
import { SelectionInspector } from "./SelectionInspector.tsx";

/** The right panel: about the node that is selected, about several things, or about the pipeline itself. */
export function Inspector() {
  const selection = useEditorState((state) => state.selection);
  const [target] = useState(() => new InsertionTarget());
  const slug = soleNode(selection);
  const count = selection.nodes.size + selection.edges.size + selection.notes.size;
  return (
    <InsertionTargetContext value={target}>
      <aside id="inspector" aria-label="Inspector" className="flex size-full min-w-0 flex-col bg-surface-1">
        {slug !== null ? <NodeInspector key={slug} slug={slug} /> : count > 0 ? <SelectionInspector /> : <PipelineInspector />}
      </aside>
    </InsertionTargetContext>
  );
}
