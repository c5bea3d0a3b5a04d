"use client";

import { type Field, type GraphNode, type JsonObject, type JsonValue, type NodeDefinition, param } from "@millrace/engine";
import { useMemo } from "react";
import { type ParamPath, valueAtPath, writeParamPath } from "../document/param-path.ts";
import { entryOf } from "../document/plain-record.ts";
import { setParam } from "../document/set-param.ts";
import { useReport, useSession } from "../session/use-session.ts";
import { readEntries } from "./fields/entries.ts";
import type { FieldProps, Finding, ParamInfo } from "./fields/field-props.ts";
import { isWrong, sentence } from "./fields/field-props.ts";

/** The props of one control, from the session; everything that a form needs but the control itself. */
export type PropsOf = (path: ParamPath, info: ParamInfo) => Omit<FieldProps, "kind">;

/** Binds the settings form of a node to the session. */
export function useNodeForm(slug: string, node: GraphNode, definition: NodeDefinition): PropsOf {
  const session = useSession();
  const report = useReport(slug);
  return useMemo(() => {
    const ownFields = ownFieldsOf(node.params, definition);
    const fieldsOf = (port: string): readonly Field[] | null => entryOf(report?.inputTypes ?? {}, port)?.fields ?? null;
    return (path, info) => {
      const findings = findingsBelow(path, report?.diagnostics ?? []);
      const own = findings.filter((finding) => finding.path === "").map((finding) => finding.diagnostic);
      const wrong = own.find(isWrong);
      const missing = own.find((diagnostic) => diagnostic.code === "PARAM_MISSING");
      return {
        label: info.label,
        help: missing?.message ?? info.help,
        value: valueAtPath(node.params, path) ?? info.default,
        default: info.default,
        optional: info.default === null,
        error: wrong === undefined ? undefined : sentence(wrong),
        findings,
        fieldsOf,
        ownFields,
        sampled: definition.category === "source" ? { type: definition.type, params: node.params } : null,
        onChange: (value: JsonValue | undefined) =>
          void session.edit({ label: `Change ${info.label}`, coalesce: `${slug}.${writeParamPath(path)}` }, (document) =>
            setParam(document, session.language.catalogue, slug, path, value),
          ),
        onSettle: () => session.store.seal(),
      };
    };
  }, [session, slug, node, definition, report]);
}

/** Diagnostics of a parameter and of what is inside it, with their paths below it. */
function findingsBelow(path: ParamPath, diagnostics: readonly Finding["diagnostic"][]): readonly Finding[] {
  const text = writeParamPath(path);
  return diagnostics.flatMap((diagnostic) => {
    const { param: place } = diagnostic.place;
    if (place === text) return [{ path: "", diagnostic }];
    return place?.startsWith(`${text}.`) === true ? [{ path: place.slice(text.length + 1), diagnostic }] : [];
  });
}

/** The fields that the node's own schema parameter declares, as far as they can be read. */
function ownFieldsOf(params: JsonObject, definition: NodeDefinition): readonly Field[] {
  for (const [name, schema] of Object.entries(param.paramShape(definition.params) ?? {})) {
    if (param.paramMeta(schema)?.param.kind !== "schema") continue;
    return readEntries(entryOf(params, name), ["name", "type"]).flatMap(({ name: field, type }) => {
      const known = param.declarableTypes.find((candidate) => candidate === type);
      return known === undefined ? [] : [{ name: field, type: { kind: known } }];
    });
  }
  return [];
}
