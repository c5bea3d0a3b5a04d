import { Select } from "../../../design/Select.tsx";
import type { FieldProps, KindOf } from "./field-props.ts";

/** One of several words; what the chosen one means stands below. */
export function ChoiceParamField({ kind, label, help, value, error, onChange }: FieldProps<KindOf<"choice">>) {
  const chosen = kind.options.find((option) => option.value === value);
  return (
    <Select
      label={label}
      help={chosen?.help ?? help}
      error={error}
      value={typeof value === "string" ? value : null}
      onValueChange={onChange}
      options={kind.options}
    />
  );
}
