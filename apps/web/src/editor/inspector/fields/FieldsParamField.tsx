"use client";

import { FieldFrame } from "../../../design/FieldFrame.tsx";
import { FieldTokens } from "./FieldTokens.tsx";
import type { FieldProps, KindOf } from "./field-props.ts";

/** Several fields of an input, in an order. */
export function FieldsParamField({ kind, label, help, value, error, onChange, fieldsOf }: FieldProps<KindOf<"fields">>) {
  const names = Array.isArray(value) ? value.filter((name): name is string => typeof name === "string") : [];
  return (
    <FieldFrame label={label} help={help} error={error}>
      {(control) => <FieldTokens control={control} label={label} names={names} fields={fieldsOf(kind.port)} onChange={onChange} />}
    </FieldFrame>
  );
}
