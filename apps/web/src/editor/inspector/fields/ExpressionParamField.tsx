"use client";

import { FieldFrame } from "../../../design/FieldFrame.tsx";
import { ExpressionEditor } from "../expression/ExpressionEditor.tsx";
import { errorWords, type FieldProps, findingsAt, type KindOf } from "./field-props.ts";

const examples = { boolean: "amount > 100", numeric: "price * quantity", string: "UPPER(country)", timestamp: "created_at" } as const;

/** A SQL expression over the fields of an input. */
export function ExpressionParamField({
  kind,
  label,
  help,
  value,
  optional,
  findings,
  onChange,
  onSettle,
  fieldsOf,
}: FieldProps<KindOf<"expression">>) {
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
          fields={fieldsOf(kind.port) ?? []}
          diagnostics={diagnostics}
          placeholder={optional ? "" : examples[kind.result ?? "numeric"]}
        />
      )}
    </FieldFrame>
  );
}
