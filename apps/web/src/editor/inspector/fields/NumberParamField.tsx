import { NumberField } from "../../../design/NumberField.tsx";
import type { FieldProps, KindOf } from "./field-props.ts";

/** A number with its unit; emptied, the default holds again. */
export function NumberParamField({ kind, label, help, value, error, onChange }: FieldProps<KindOf<"number">>) {
  return (
    <NumberField
      label={label}
      help={help}
      error={error}
      value={typeof value === "number" ? value : null}
      onValueChange={(next) => onChange(next ?? undefined)}
      min={kind.min}
      max={kind.max}
      step={kind.step ?? fittingStep(kind)}
      unit={kind.unit}
    />
  );
}

/** Shares go in hundredths, everything else in ones. */
function fittingStep({ min, max }: KindOf<"number">): number {
  return min !== undefined && max !== undefined && max - min <= 1 ? 0.01 : 1;
}
