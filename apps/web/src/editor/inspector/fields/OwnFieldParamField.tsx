import { showType } from "@millrace/engine";
import { Select } from "../../../design/Select.tsx";
import type { FieldProps, KindOf } from "./field-props.ts";

/** No field has this name: names of fields hold no control characters. */
const none = "\u0000none";

/** One of the fields that this node declares itself, or none. */
export function OwnFieldParamField({ kind, label, help, value, error, optional, onChange, ownFields }: FieldProps<KindOf<"own-field">>) {
  const fitting = kind.types === undefined ? ownFields : ownFields.filter((field) => kind.types?.includes(field.type.kind));
  const name = typeof value === "string" && value !== "" ? value : null;
  const options = fitting.map((field) => ({ value: field.name, label: field.name, help: showType(field.type) }));
  const stray =
    name !== null && !options.some((option) => option.value === name)
      ? [{ value: name, label: name, help: "not among the fields above" }]
      : [];
  const nothing = optional ? [{ value: none, label: "None" }] : [];
  return (
    <Select
      label={label}
      help={help}
      error={error}
      mono={name !== null}
      value={name ?? (optional ? none : null)}
      onValueChange={(next) => onChange(next === none ? undefined : next)}
      options={[...nothing, ...stray, ...options]}
      placeholder="Choose a field"
    />
  );
}
