import { ConnectionField } from "../../../connections/ConnectionField.tsx";
import type { FieldProps, KindOf } from "./field-props.ts";

/** The name of a connection, which can be tried; its address is never in a pipeline. */
export function ConnectionParamField({ kind, label, help, value, error, onChange, onSettle }: FieldProps<KindOf<"connection">>) {
  return (
    <ConnectionField
      label={label}
      help={help}
      error={error}
      service={kind.service}
      name={typeof value === "string" ? value : ""}
      onNameChange={(next) => onChange(next === "" ? undefined : next)}
      onBlur={onSettle}
    />
  );
}
