"use client";

import { ArrowRight, Copy, EyeOff, Trash2 } from "lucide-react";
import { Button } from "../../design/Button.tsx";
import { plural } from "../../design/format/numbers.ts";
import { nodeName } from "../document/connection-refusal.ts";
import { entryOf } from "../document/plain-record.ts";
import { edgeId, readPortRef } from "../document/port-ref.ts";
import { duplicateSelection, removeSelection, toggleDisabled } from "../session/actions.ts";
import { useEditorState, useReport, useSession } from "../session/use-session.ts";
import { FieldTable } from "./schema/FieldTable.tsx";
import { fieldRoles } from "./schema/stream-words.ts";

/** About what is selected when it is not one node: a connection, notes, or several things. */
export function SelectionInspector() {
  const session = useSession();
  const { nodes, edges, notes } = useEditorState((state) => state.selection);
  const [edge] = edges;
  if (edge !== undefined && edges.size === 1 && nodes.size + notes.size === 0) return <EdgeInspector id={edge} />;
  const parts = [
    nodes.size > 0 ? plural(nodes.size, "node") : "",
    edges.size > 0 ? plural(edges.size, "connection") : "",
    notes.size > 0 ? plural(notes.size, "note") : "",
  ].filter((part) => part !== "");
  return (
    <div className="flex flex-col gap-4 p-4">
      <h2 className="text-14 font-semibold">{parts.join(", ")} selected</h2>
      <div className="flex flex-wrap gap-2">
        {nodes.size + notes.size > 0 && (
          <Button icon={<Copy size={14} />} onClick={() => duplicateSelection(session)}>
            Duplicate
          </Button>
        )}
        {nodes.size > 0 && (
          <Button icon={<EyeOff size={14} />} onClick={() => toggleDisabled(session, [...nodes])}>
            Disable or enable
          </Button>
        )}
        <Button icon={<Trash2 size={14} />} onClick={() => removeSelection(session)}>
          Delete
        </Button>
      </div>
    </div>
  );
}

/** What flows on one connection. */
function EdgeInspector({ id }: { readonly id: string }) {
  const session = useSession();
  const { catalogue } = session.language;
  const pipeline = useEditorState((state) => state.document.pipeline);
  const edge = pipeline.edges.find((candidate) => edgeId(candidate) === id);
  const from = readPortRef(edge?.from ?? "");
  const to = readPortRef(edge?.to ?? "");
  const report = useReport(from.node);
  if (edge === undefined) return null;
  const source = entryOf(pipeline.nodes, from.node);
  const target = entryOf(pipeline.nodes, to.node);
  const type = entryOf(report?.outputTypes ?? {}, from.port) ?? null;
  return (
    <div className="flex min-h-0 flex-col gap-4 overflow-y-auto p-4">
      <div className="flex flex-col gap-1">
        <h2 className="flex flex-wrap items-center gap-2 text-14 font-semibold">
          {source === undefined ? from.node : nodeName(source, catalogue)}
          <ArrowRight size={14} aria-label="to" className="text-ink-3" />
          {target === undefined ? to.node : nodeName(target, catalogue)}
        </h2>
        <p className="font-mono text-12 text-ink-3">
          {edge.from} → {edge.to}
        </p>
      </div>
      <section className="flex flex-col gap-2">
        <h3 className="text-13 font-semibold">What flows here</h3>
        {type === null ? (
          <p className="text-13 text-ink-3">Not known yet: finish what stands before it.</p>
        ) : (
          <FieldTable caption="Fields on this connection" fields={type.fields} roles={fieldRoles(type)} />
        )}
      </section>
      <div>
        <Button icon={<Trash2 size={14} />} onClick={() => removeSelection(session)}>
          Delete connection
        </Button>
      </div>
    </div>
  );
}
