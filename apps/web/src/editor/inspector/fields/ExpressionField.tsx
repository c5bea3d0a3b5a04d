"use client";

import type { Field } from "@millrace/engine";
import { FieldFrame } from "../../../design/FieldFrame.tsx";
import { ExpressionEditor } from "../expression/ExpressionEditor.tsx";
import { errorWords, type FieldProps, findingsAt, type KindOf } from "./field-props.ts";

type Props = Pick<FieldProps<KindOf<"expression">>, "label" | "help" | "value" | "findings" | "onChange" | "onSettle"> & {
  /** What the expression can read. */
  readonly fields: readonly Field[];
  readonly placeholder: string;
};

/** A SQL expression over some fields, whole as the value of a parameter. */
export function ExpressionField({ label, help, value, findings, onChange, onSettle, fields, placeholder }: Props) {
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
          fields={fields}
          diagnostics={diagnostics}
          placeholder={placeholder}
        />
      )}
    </FieldFrame>
  );
}
