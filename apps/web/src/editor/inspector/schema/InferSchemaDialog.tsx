"use client";

import { useState } from "react";
import { Button } from "../../../design/Button.tsx";
import { Dialog } from "../../../design/Dialog.tsx";
import { plural } from "../../../design/format/numbers.ts";
import { TextArea } from "../../../design/TextArea.tsx";
import type { SampledNode } from "../fields/field-props.ts";
import { type InferredField, inferSchema } from "./infer-schema.ts";
import { TakeSample } from "./TakeSample.tsx";

export interface InferSchemaDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onInfer: (fields: readonly InferredField[]) => void;
  /** The source whose own records can be taken; null: only what is pasted. */
  readonly sampled: SampledNode | null;
}

/** Makes a schema of a few records: pasted ones, which stay in the browser, or the newest of the source. */
export function InferSchemaDialog({ open, onOpenChange, onInfer, sampled }: InferSchemaDialogProps) {
  const [sample, setSample] = useState("");
  const inference = inferSchema(sample);
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      width="wide"
      title="Infer the fields from a sample"
      description={
        sampled === null
          ? "Paste a few records as JSON, one on each line. They stay in this browser."
          : "Take the newest records of the source, or paste a few as JSON, one on each line. What you paste stays in this browser."
      }
      actions={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button
            variant="primary"
            disabled={!inference.ok}
            onClick={() => {
              if (inference.ok) onInfer(inference.fields);
              onOpenChange(false);
            }}
          >
            {inference.ok ? `Use these ${plural(inference.fields.length, "field")}` : "Use these fields"}
          </Button>
        </>
      }
    >
      {sampled !== null && <TakeSample sampled={sampled} onSample={setSample} />}
      <TextArea
        label="Records"
        mono
        rows={8}
        value={sample}
        onValueChange={setSample}
        placeholder={'{"service": "checkout", "latency_ms": 12.5, "at": "2026-01-01T10:03:12Z"}'}
        error={!inference.ok && sample.trim() !== "" ? inference.reason : undefined}
        help={inference.ok && inference.skipped > 0 ? `${plural(inference.skipped, "line")} skipped: no JSON object.` : undefined}
      />
      {inference.ok && (
        <ul className="flex flex-wrap gap-1" aria-label="Fields found">
          {inference.fields.map((field) => (
            <li key={field.name} className="flex h-6 items-center gap-1.5 rounded-[4px] bg-surface-2 px-2 font-mono text-12">
              {field.name} <span className="text-ink-3">{field.type}</span>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
