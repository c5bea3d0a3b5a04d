"use client";

import { ExpressionField } from "./ExpressionField.tsx";
import type { FieldProps, KindOf } from "./field-props.ts";

/** A SQL expression over the fields that this node declares itself. */
export function OwnExpressionParamField(props: FieldProps<KindOf<"own-expression">>) {
  const { label, help, value, findings, onChange, onSettle, ownFields } = props;
  const field = { label, help, value, findings, onChange, onSettle };
  return <ExpressionField {...field} fields={ownFields} placeholder="kind = 'end_of_batch'" />;
}
