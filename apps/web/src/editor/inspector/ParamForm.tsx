"use client";

import type { GraphNode, JsonObject, JsonValue, NodeDefinition } from "@millrace/engine";
import { ChevronRight } from "lucide-react";
import { useEffect, useRef } from "react";
import type { z } from "zod";
import { type ParamPath, valueAtPath, writeParamPath } from "../document/param-path.ts";
import { useUi } from "../session/use-session.ts";
import { ParamControl } from "./ParamControl.tsx";
import { type ListedParam, listParams } from "./param-list.ts";
import { type PropsOf, useNodeForm } from "./use-node-form.ts";

export interface ParamFormProps {
  readonly slug: string;
  readonly node: GraphNode;
  readonly definition: NodeDefinition;
}

/** The settings of a node, made from its parameters alone. */
export function ParamForm({ slug, node, definition }: ParamFormProps) {
  const propsOf = useNodeForm(slug, node, definition);
  const form = useRef<HTMLDivElement>(null);
  const focus = useUi((ui) => ui.focus);
  useEffect(() => {
    if (focus !== null && focus.slug === slug) focusParamElement(form.current, focus.param);
  }, [focus, slug]);
  return (
    <div ref={form} className="flex flex-col gap-4 p-4">
      <Members schema={definition.params} path={[]} params={node.params} propsOf={propsOf} />
    </div>
  );
}

interface MembersProps {
  readonly schema: z.ZodType;
  readonly path: ParamPath;
  readonly params: JsonObject;
  readonly propsOf: PropsOf;
}

/** The parameters of a form or of a group: what is advanced stands folded at the end. */
function Members({ schema, path, params, propsOf }: MembersProps) {
  const { plain, advanced } = listParams(schema, objectAt(params, path));
  const member = (listed: ListedParam) => (
    <Member key={listed.name} listed={listed} path={[...path, listed.name]} params={params} propsOf={propsOf} />
  );
  const hasFindings = advanced.some(({ name, info }) => propsOf([...path, name], info).findings.length > 0);
  return (
    <>
      {plain.map(member)}
      {advanced.length > 0 && (
        <details className="group/advanced" open={hasFindings || undefined}>
          <summary className="-mx-2 flex h-8 list-none items-center gap-1 rounded-control px-2 text-12 font-medium text-ink-2 select-none hover:bg-surface-2 [&::-webkit-details-marker]:hidden">
            <ChevronRight size={14} aria-hidden className="transition-transform duration-(--fast) group-open/advanced:rotate-90" />
            {path.length === 0 ? "Advanced" : "More"}
          </summary>
          <div className="flex flex-col gap-4 pt-2">{advanced.map(member)}</div>
        </details>
      )}
    </>
  );
}

function Member({ listed, path, params, propsOf }: { readonly listed: ListedParam } & Omit<MembersProps, "schema">) {
  const { info, schema } = listed;
  if (info.param.kind === "group") {
    return (
      <fieldset className="flex flex-col gap-3 border-t border-line pt-3">
        <legend className="float-left w-full text-13 font-semibold">{info.label}</legend>
        {info.help !== undefined && <p className="text-12 text-ink-3">{info.help}</p>}
        <Members schema={schema} path={path} params={params} propsOf={propsOf} />
      </fieldset>
    );
  }
  return (
    <div data-param={writeParamPath(path)}>
      <ParamControl kind={info.param} {...propsOf(path, info)} />
    </div>
  );
}

function objectAt(params: JsonObject, path: ParamPath): JsonObject {
  const value: JsonValue | undefined = valueAtPath(params, path);
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : empty; // Neither a list nor null.
}

const empty: JsonObject = Object.create(null);

/** Opens what folds the parameter away, and puts the focus into its control, or into the one of it that is marked. */
function focusParamElement(form: HTMLElement | null, paramPath: string): void {
  const fields = [...(form?.querySelectorAll<HTMLElement>("[data-param]") ?? [])];
  const field = fields.find((candidate) => paramPath === candidate.dataset.param || paramPath.startsWith(`${candidate.dataset.param}.`));
  if (field === undefined) return;
  for (let fold = field.closest("details"); fold !== null; fold = fold.parentElement?.closest("details") ?? null) fold.open = true;
  const controls = "input, button, textarea, [contenteditable=true]";
  const control =
    field.querySelector<HTMLElement>(":is(input, textarea, [contenteditable=true])[aria-invalid=true]") ??
    field.querySelector<HTMLElement>(controls);
  field.scrollIntoView({ block: "nearest" });
  control?.focus();
}
