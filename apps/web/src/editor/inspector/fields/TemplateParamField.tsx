"use client";

import { FieldFrame } from "../../../design/FieldFrame.tsx";
import { ExpressionEditor } from "../expression/ExpressionEditor.tsx";
import { errorWords, type FieldProps, findingsAt, type KindOf } from "./field-props.ts";

/** Text with expressions in braces. */
export function TemplateParamField({ kind, label, help, value, findings, onChange, onSettle, fieldsOf }: FieldProps<KindOf<"template">>) {
  const diagnostics = findingsAt(findings, []);
  return (
    <FieldFrame label={label} help={help ?? "Fields and expressions stand in braces: {service}."} error={errorWords(diagnostics)}>
      {(control) => (
        <ExpressionEditor
          mode="template"
          label={label}
          describedBy={control["aria-describedby"]}
          value={typeof value === "string" ? value : ""}
          onChange={(next) => onChange(next === "" ? undefined : next)}
          onSettle={onSettle}
          fields={fieldsOf(kind.port) ?? []}
          diagnostics={diagnostics}
          placeholder="{service} has {errors} errors"
        />
      )}
    </FieldFrame>
  );
}
