import { showType } from "@millrace/engine";
import { Select } from "../../../design/Select.tsx";
import { TextField } from "../../../design/TextField.tsx";
import type { FieldProps, KindOf } from "./field-props.ts";

/** A field of an input. Without a known input it can only be written. */
export function FieldParamField({ kind, label, help, value, error, onChange, onSettle, fieldsOf }: FieldProps<KindOf<"field">>) {
  const fields = fieldsOf(kind.port);
  const name = typeof value === "string" && value !== "" ? value : null;
  if (fields === null) {
    return (
      <TextField
        label={label}
        help={help}
        error={error}
        mono
        value={name ?? ""}
        onValueChange={(next) => onChange(next === "" ? undefined : next)}
        onBlur={onSettle}
        placeholder="field_name"
      />
    );
  }
  const fitting = kind.types === undefined ? fields : fields.filter((field) => kind.types?.includes(field.type.kind));
  const options = fitting.map((field) => ({ value: field.name, label: field.name, help: showType(field.type) }));
  const all =
    name === null || options.some((option) => option.value === name)
      ? options
      : [{ value: name, label: name, help: "not in the input" }, ...options];
  return (
    <Select label={label} help={help} error={error} mono value={name} onValueChange={onChange} options={all} placeholder="Choose a field" />
  );
}
