import { TextArea } from "../../../design/TextArea.tsx";
import { TextField } from "../../../design/TextField.tsx";
import type { FieldProps, KindOf } from "./field-props.ts";

/** Plain text, on one line or several. */
export function TextParamField({ kind, label, help, value, error, onChange, onSettle }: FieldProps<KindOf<"text">>) {
  const common = {
    label,
    help,
    error,
    value: typeof value === "string" ? value : "",
    placeholder: kind.placeholder,
    onValueChange: onChange,
    onBlur: onSettle,
  };
  return kind.multiline === true ? <TextArea {...common} rows={4} /> : <TextField {...common} />;
}
