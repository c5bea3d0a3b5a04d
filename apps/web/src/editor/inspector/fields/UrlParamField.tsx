import { Globe } from "lucide-react";
import { TextField } from "../../../design/TextField.tsx";
import type { FieldProps, KindOf } from "./field-props.ts";

/** An http or https address. */
export function UrlParamField({ label, help, value, error, onChange, onSettle }: FieldProps<KindOf<"url">>) {
  return (
    <TextField
      label={label}
      help={help}
      error={error}
      mono
      inputMode="url"
      icon={<Globe size={14} />}
      value={typeof value === "string" ? value : ""}
      placeholder="https://example.com/hook"
      onValueChange={(next) => onChange(next === "" ? undefined : next.trim())}
      onBlur={onSettle}
    />
  );
}
