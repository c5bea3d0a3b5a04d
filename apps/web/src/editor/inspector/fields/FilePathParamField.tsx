import { FileInput, FolderOutput } from "lucide-react";
import { TextField } from "../../../design/TextField.tsx";
import type { FieldProps, KindOf } from "./field-props.ts";

/** A path on the machine of the runtime; the browser cannot look there. */
export function FilePathParamField({ kind, label, help, value, error, onChange, onSettle }: FieldProps<KindOf<"file-path">>) {
  const isRead = kind.purpose === "read";
  return (
    <TextField
      label={label}
      help={help}
      error={error}
      mono
      icon={isRead ? <FileInput size={14} /> : <FolderOutput size={14} />}
      value={typeof value === "string" ? value : ""}
      placeholder={isRead ? "/data/requests.ndjson" : "/data/out"}
      onValueChange={(next) => onChange(next === "" ? undefined : next)}
      onBlur={onSettle}
    />
  );
}
