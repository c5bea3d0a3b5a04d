"use client";

import { ConnectionField } from "../../connections/ConnectionField.tsx";
import { Select } from "../../design/Select.tsx";
import { TextField } from "../../design/TextField.tsx";
import { connectionError, type DataChoice, kafkaChoice, topicError } from "./data-choice.ts";
import type { GalleryTemplate } from "./template.ts";

export interface DataChoiceFormProps {
  readonly template: GalleryTemplate;
  readonly choice: DataChoice;
  readonly onChange: (choice: DataChoice) => void;
}

const kinds = [
  { value: "simulated", label: "Simulated", help: "It makes its own records, and runs as it is." },
  { value: "kafka", label: "Topics of Kafka", help: "The same graph over records of yours." },
] as const;

/** Whether a template makes its own data or reads and writes topics of Kafka, and which. */
export function DataChoiceForm({ template, choice, onChange }: DataChoiceFormProps) {
  return (
    <section aria-label="Data" className="grid grid-cols-2 items-start gap-4 max-sm:grid-cols-1">
      <Select
        label="Data"
        help={kinds.find(({ value }) => value === choice.kind)?.help}
        value={choice.kind}
        options={kinds.map(({ value, label }) => ({ value, label }))}
        onValueChange={(kind) => {
          if (kind !== choice.kind) onChange(kind === "kafka" ? kafkaChoice(template) : { kind });
        }}
      />
      {choice.kind === "kafka" && (
        <>
          <ConnectionField
            label="Connection"
            service="kafka"
            error={connectionError(choice.connection)}
            name={choice.connection}
            onNameChange={(connection) => onChange({ ...choice, connection })}
          />
          {template.kafka?.map(({ node, label, direction, params }) => (
            <TextField
              key={node}
              mono
              label={`${label}: topic to ${direction}`}
              help={direction === "read" ? fieldWords(params.fields) : "Rows appear in transactions. Made when it is missing."}
              error={topicError(choice.topics[node] ?? "")}
              value={choice.topics[node] ?? ""}
              onValueChange={(topic) => onChange({ ...choice, topics: { ...choice.topics, [node]: topic } })}
            />
          ))}
        </>
      )}
    </section>
  );
}

/** Which members a record must have. */
function fieldWords(fields: unknown): string {
  const names = Array.isArray(fields)
    ? fields.flatMap((field: { readonly name?: unknown }) => (typeof field.name === "string" ? [field.name] : []))
    : [];
  return `JSON objects with ${names.join(", ")}.`;
}
