import { Plug } from "lucide-react";
import { TextField } from "../../../design/TextField.tsx";
import type { FieldProps, KindOf } from "./field-props.ts";

/** The name of a connection; its address is never in a pipeline. */
export function ConnectionParamField({ kind, label, help, value, error, onChange, onSettle }: FieldProps<KindOf<"connection">>) {
  const name = typeof value === "string" ? value : "";
  return (
    <TextField
      label={label}
      help={help ?? "The name under which the runtime finds the address and the password; never these themselves."}
      error={error}
      mono
      icon={<Plug size={14} />}
      value={name}
      placeholder={`my-${kind.service}`}
      onValueChange={(next) => onChange(next === "" ? undefined : next)}
      onBlur={onSettle}
    />
  );
}
