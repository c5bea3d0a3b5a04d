"use client";

import { ExpressionField } from "./ExpressionField.tsx";
import type { FieldProps, KindOf } from "./field-props.ts";

const examples = { boolean: "amount > 100", numeric: "price * quantity", string: "UPPER(country)", timestamp: "created_at" } as const;

/** A SQL expression over the fields of an input. */
export function ExpressionParamField(props: FieldProps<KindOf<"expression">>) {
  const { kind, label, help, value, optional, findings, onChange, onSettle, fieldsOf } = props;
  const field = { label, help, value, findings, onChange, onSettle };
  const placeholder = optional ? "" : examples[kind.result ?? "numeric"];
  return <ExpressionField {...field} fields={fieldsOf(kind.port) ?? []} placeholder={placeholder} />;
}
