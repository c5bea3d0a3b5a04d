"use client";

import type { Field } from "@millrace/engine";
import { Funnel } from "lucide-react";
import { useState } from "react";
import { FieldFrame } from "../../../design/FieldFrame.tsx";
import { IconButton } from "../../../design/IconButton.tsx";
import { Select } from "../../../design/Select.tsx";
import { ExpressionEditor } from "../expression/ExpressionEditor.tsx";
import { AggregateOptions } from "./AggregateOptions.tsx";
import {
  type AggregateEntry,
  aggregateName,
  changeAggregate,
  emptyAggregate,
  readAggregates,
  writeAggregates,
} from "./aggregate-entries.ts";
import { EntryList } from "./EntryList.tsx";
import { freeName } from "./entries.ts";
import { errorWords, type FieldProps, type Finding, findingsAt, type KindOf } from "./field-props.ts";
import { NameInput } from "./NameInput.tsx";

const nameForm = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

/** Aggregates: what is computed, of what, under which name, and optionally over which of the records. */
export function AggregatesParamField({
  kind,
  label,
  help,
  value,
  error,
  findings,
  onChange,
  onSettle,
  fieldsOf,
}: FieldProps<KindOf<"aggregates">>) {
  const entries = readAggregates(value);
  const [filtering, setFiltering] = useState<ReadonlySet<number>>(new Set());
  const set = (next: readonly AggregateEntry[]): void => onChange(next.length === 0 ? undefined : writeAggregates(next));
  return (
    <FieldFrame label={label} help={help} error={error}>
      {() => (
        <EntryList
          items={entries}
          itemName="result"
          addLabel="Add a result"
          onAdd={() => set([...entries, emptyAggregate(freeName(entries, "count"), kind.functions[0] ?? "count")])}
          onRemove={(i) => {
            setFiltering(new Set());
            set(entries.toSpliced(i, 1));
          }}
          renderTool={(entry, i) =>
            entry.filter === "" &&
            !filtering.has(i) && (
              <IconButton
                size="small"
                label={`Result ${i + 1} over only some records`}
                tooltipSide="left"
                icon={<Funnel size={14} />}
                onClick={() => setFiltering(new Set([...filtering, i]))}
              />
            )
          }
          renderItem={(entry, i) => (
            <Aggregate
              filtering={filtering.has(i)}
              entry={entry}
              number={i + 1}
              functions={kind.functions}
              fields={fieldsOf(kind.port) ?? []}
              findings={findings.flatMap((finding) => below(finding, i))}
              taken={entries.filter((_, other) => other !== i).map((other) => other.as)}
              onChange={(change) => set(changeAggregate(entries, i, change))}
              onSettle={onSettle}
            />
          )}
        />
      )}
    </FieldFrame>
  );
}

interface AggregateProps {
  readonly entry: AggregateEntry;
  /** The condition is shown although it is still empty. */
  readonly filtering: boolean;
  readonly number: number;
  readonly functions: readonly string[];
  readonly fields: readonly Field[];
  readonly findings: readonly Finding[];
  readonly taken: readonly string[];
  readonly onChange: (change: Partial<AggregateEntry>) => void;
  readonly onSettle: () => void;
}

function Aggregate({ entry, filtering, number, functions, fields, findings, taken, onChange, onSettle }: AggregateProps) {
  const of = `Argument of result ${number}`;
  const only = `Only records of result ${number}`;
  const refusal = (name: string): string | null => {
    if (!nameForm.test(name)) return "Letters, digits and _, not beginning with a digit.";
    return taken.includes(name) ? `There is a result "${name}" already.` : null;
  };
  return (
    <div className="flex flex-col gap-1">
      <div className="grid grid-cols-[136px_minmax(0,1fr)] gap-1">
        <Select
          label={`Function of result ${number}`}
          hideLabel
          mono
          value={entry.fn}
          onValueChange={(fn) => onChange({ fn })}
          options={functions.map((fn) => ({ value: fn, label: fn }))}
        />
        <FieldFrame label={of} hideLabel error={errorWords([...findingsAt(findings, ["argument"]), ...findingsAt(findings, ["fn"])])}>
          {(control) => (
            <ExpressionEditor
              // What stands in the empty editor is said once.
              key={entry.fn === "count" ? "records" : "values"}
              label={of}
              describedBy={control["aria-describedby"]}
              value={entry.argument}
              onChange={(argument) => onChange({ argument })}
              onSettle={onSettle}
              fields={fields}
              diagnostics={findingsAt(findings, ["argument"])}
              placeholder={entry.fn === "count" ? "all records" : "amount"}
            />
          )}
        </FieldFrame>
      </div>
      <div className="grid grid-cols-[136px_minmax(0,1fr)] items-baseline gap-1">
        <span className="ps-2 text-12 text-ink-3">under the name</span>
        <NameInput
          label={`Name of result ${number}`}
          value={entry.as}
          refusal={refusal}
          error={errorWords(findingsAt(findings, ["as"]))}
          placeholder={aggregateName(entry.fn, entry.argument)}
          onCommit={(as) => onChange({ as })}
        />
      </div>
      <AggregateOptions entry={entry} number={number} findings={findings} onChange={onChange} />
      {(entry.filter !== "" || filtering) && (
        <div className="grid grid-cols-[136px_minmax(0,1fr)] items-baseline gap-1">
          <span className="ps-2 text-12 text-ink-3">only where</span>
          <FieldFrame label={only} hideLabel error={errorWords(findingsAt(findings, ["filter"]))}>
            {(control) => (
              <ExpressionEditor
                label={only}
                describedBy={control["aria-describedby"]}
                value={entry.filter}
                onChange={(filter) => onChange({ filter })}
                onSettle={onSettle}
                fields={fields}
                diagnostics={findingsAt(findings, ["filter"])}
                placeholder="status >= 500"
              />
            )}
          </FieldFrame>
        </div>
      )}
    </div>
  );
}

function below(finding: Finding, index: number): Finding[] {
  const prefix = `${index}.`;
  return finding.path.startsWith(prefix) ? [{ ...finding, path: finding.path.slice(prefix.length) }] : [];
}
