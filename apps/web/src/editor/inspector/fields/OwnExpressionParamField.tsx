"use client";

import { FieldFrame } from "../../../design/FieldFrame.tsx";
import { ExpressionEditor } from "../expression/ExpressionEditor.tsx";
import { errorWords, type FieldProps, findingsAt, type KindOf } from "./field-props.ts";

/** A SQL expression over the fields that this node declares itself. */
export function OwnExpressionParamField({
  label,
  help,
  value,
  findings,
  onChange,
  onSettle,
  ownFields,
}: FieldProps<KindOf<"own-expression">>) {
  const diagnostics = findingsAt(findings, []);
  return (
    <FieldFrame label={label} help={help} error={errorWords(diagnostics)}>
      {(control) => (
        <ExpressionEditor
          label={label}
          describedBy={control["aria-describedby"]}
          value={typeof value === "string" ? value : ""}
          onChange={(next) => onChange(next.trim() === "" ? undefined : next)}
          onSettle={onSettle}
          fields={ownFields}
          diagnostics={diagnostics}
          placeholder="kind = 'end_of_batch'"
        />
      )}
    </FieldFrame>
  );
}
