import { KeyRound } from "lucide-react";
import { TextField } from "../../../design/TextField.tsx";
import type { FieldProps, KindOf } from "./field-props.ts";

/** The name of a secret; the secret itself is never in a pipeline. */
export function SecretParamField({ label, help, value, error, onChange, onSettle }: FieldProps<KindOf<"secret">>) {
  return (
    <TextField
      label={label}
      help={help ?? "The name under which the runtime finds it; never the secret itself."}
      error={error}
      mono
      icon={<KeyRound size={14} />}
      value={typeof value === "string" ? value : ""}
      placeholder="webhook-token"
      onValueChange={(next) => onChange(next === "" ? undefined : next)}
      onBlur={onSettle}
    />
  );
}
