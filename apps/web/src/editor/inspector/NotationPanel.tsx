"use client";

import type { Diagnostic, GraphNode, NodeNotation } from "@millrace/engine";
import { ChevronRight, Copy } from "lucide-react";
import { useState } from "react";
import { Button } from "../../design/Button.tsx";
import { toast } from "../../design/Toaster.tsx";
import { setParams } from "../document/set-params.ts";
import { useReport, useSession } from "../session/use-session.ts";
import { ExpressionEditor } from "./expression/ExpressionEditor.tsx";
import { sentence } from "./fields/field-props.ts";
import { Notice } from "./Notice.tsx";

export interface NotationPanelProps {
  readonly slug: string;
  readonly node: GraphNode;
  readonly notation: NodeNotation;
}

/** The settings of a node in another notation: to copy, or to write or paste and apply. What is wrong with it stands below it. */
export function NotationPanel({ slug, node, notation }: NotationPanelProps) {
  const session = useSession();
  const inputTypes = useReport(slug)?.inputTypes ?? {};
  /** What was written and not applied; null: the text is that of the settings. */
  const [draft, setDraft] = useState<string | null>(null);
  const written = notation.write(node.params, inputTypes);
  const text = draft ?? (written.ok ? written.value : "");
  const isDraft = draft !== null && draft.trim() !== "" && draft !== (written.ok ? written.value : "");
  const read = isDraft ? notation.read(draft, inputTypes) : null;
  const found: readonly Diagnostic[] = read !== null ? (read.ok ? read.warnings : read.diagnostics) : written.ok ? [] : written.diagnostics;
  const apply = (): void => {
    if (read?.ok !== true) return;
    session.edit({ label: `Apply ${notation.name}` }, (document) => setParams(document, session.language.catalogue, slug, read.value));
    session.store.seal();
    setDraft(null);
  };
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => toast.success(`${notation.name} copied`),
      () => toast.error("The browser does not let this page copy", { description: "Select the text and copy it yourself." }),
    );
  };
  return (
    <details className="group/notation border-t border-line px-4 py-2">
      <summary className="-mx-2 flex h-8 list-none items-center gap-1 rounded-control px-2 text-12 font-medium text-ink-2 select-none hover:bg-surface-2 [&::-webkit-details-marker]:hidden">
        <ChevronRight size={14} aria-hidden className="transition-transform duration-(--fast) group-open/notation:rotate-90" />
        As {notation.name}
      </summary>
      <div className="flex flex-col gap-2 pt-1 pb-2">
        <ExpressionEditor
          label={`The settings as ${notation.name}`}
          mode="clause"
          value={text}
          onChange={setDraft}
          onSettle={() => undefined}
          fields={[]}
          diagnostics={read?.ok === false ? read.diagnostics : []}
          placeholder={`Paste a ${notation.name} clause`}
        />
        {found.map((diagnostic) => (
          <Notice key={`${diagnostic.code} ${diagnostic.message}`} tone={isDraft ? diagnostic.severity : "neutral"}>
            {sentence(diagnostic)}
          </Notice>
        ))}
        <div className="flex justify-end gap-2">
          {isDraft ? (
            <>
              <Button size="small" variant="quiet" onClick={() => setDraft(null)}>
                Discard
              </Button>
              <Button size="small" variant="primary" disabled={read?.ok !== true} onClick={apply}>
                Apply
              </Button>
            </>
          ) : (
            <Button size="small" icon={<Copy size={14} />} disabled={!written.ok} onClick={copy}>
              Copy
            </Button>
          )}
        </div>
      </div>
    </details>
  );
}
