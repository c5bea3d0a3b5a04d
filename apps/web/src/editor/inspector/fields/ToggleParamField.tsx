import { Switch } from "../../../design/Switch.tsx";
import type { FieldProps, KindOf } from "./field-props.ts";

/** On or off. */
export function ToggleParamField({ label, help, value, error, onChange }: FieldProps<KindOf<"toggle">>) {
  return <Switch label={label} help={error ?? help} checked={value === true} onCheckedChange={onChange} />;
}
