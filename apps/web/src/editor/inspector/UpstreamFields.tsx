"use client";

import type { NodeDefinition } from "@millrace/engine";
import { ChevronRight } from "lucide-react";
import { toast } from "../../design/Toaster.tsx";
import { entryOf } from "../document/plain-record.ts";
import { useReport, useSession } from "../session/use-session.ts";
import { useInsertionTarget } from "./expression/insertion-target.ts";
import { FieldTable } from "./schema/FieldTable.tsx";
import { fieldRoles } from "./schema/stream-words.ts";

/** The fields that come in, by input; a click writes one into the expression that has the cursor. */
export function UpstreamFields({ slug, definition }: { readonly slug: string; readonly definition: NodeDefinition }) {
  const report = useReport(slug);
  const target = useInsertionTarget();
  const { reference } = useSession().language.expressions;
  const insert = (name: string): void => {
    if (target.insert(reference(name))) return;
    void navigator.clipboard
      ?.writeText(reference(name))
      .then(() => toast.success(`${name} copied`, { description: "Put the cursor into an expression to insert it there." }));
  };
  return (
    <>
      {definition.inputs.map((port) => {
        const type = entryOf(report?.inputTypes ?? {}, port.name) ?? null;
        return (
          <details key={port.name} open className="group/fields border-t border-line px-4 py-2">
            <summary className="-mx-2 flex h-8 list-none items-center gap-1 rounded-control px-2 text-12 font-medium text-ink-2 select-none hover:bg-surface-2 [&::-webkit-details-marker]:hidden">
              <ChevronRight size={14} aria-hidden className="transition-transform duration-(--fast) group-open/fields:rotate-90" />
              {definition.inputs.length > 1 ? `Fields of ${port.label ?? port.name}` : "Fields that come in"}
              {type !== null && <span className="figures ms-auto font-regular text-ink-3">{type.fields.length}</span>}
            </summary>
            {type === null ? (
              <p className="pb-2 text-13 text-ink-3">Not known yet: connect this input, and finish what stands before it.</p>
            ) : (
              <FieldTable caption="Fields that come in" fields={type.fields} roles={fieldRoles(type)} onPick={insert} />
            )}
          </details>
        );
      })}
    </>
  );
}
