"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { Check, Copy, Hourglass, Skull, TriangleAlert } from "lucide-react";
import { type ReactNode, useState } from "react";
import { problemOf } from "../../../client/problem-of.ts";
import { useTRPC } from "../../../client/trpc.ts";
import { Button } from "../../../design/Button.tsx";
import { EmptyState } from "../../../design/EmptyState.tsx";
import { countWords, plural } from "../../../design/format/numbers.ts";
import { ProblemNote } from "../../../design/ProblemNote.tsx";
import { Select } from "../../../design/Select.tsx";
import { toast } from "../../../design/Toaster.tsx";
import type { RunNode } from "../read-deployed.ts";
import { useStreamEntries } from "../use-stream-entries.ts";
import { effectsPerKey } from "./effects-per-key.ts";

export interface RehearsalTabProps {
  readonly pipelineId: string;
  readonly deploymentId: string;
  readonly isRunning: boolean;
  readonly tables: readonly RunNode[];
}

type Failure = "kill" | "duplicates" | "delay";

const failures: readonly {
  readonly failure: Failure;
  readonly label: string;
  readonly meaning: string;
  readonly icon: ReactNode;
  readonly done: string;
}[] = [
  {
    failure: "kill",
    label: "Kill the worker now",
    meaning: "Its process ends in the middle of its work, without a word. Another starts from the last checkpoint.",
    icon: <Skull size={14} aria-hidden />,
    done: "The worker is killed",
  },
  {
    failure: "duplicates",
    label: "Send duplicates",
    meaning: "Every source gives its last records once more, up to a thousand.",
    icon: <Copy size={14} aria-hidden />,
    done: "The last records come once more",
  },
  {
    failure: "delay",
    label: "Delay by two minutes",
    meaning: "Every source is silent for two minutes, and then gives what has gathered.",
    icon: <Hourglass size={14} aria-hidden />,
    done: "The sources are silent for two minutes",
  },
];

/** Makes something go wrong on purpose, beside a ledger of what each key has come to. */
export function RehearsalTab({ pipelineId, deploymentId, isRunning, tables }: RehearsalTabProps) {
  const trpc = useTRPC();
  const rehearse = useMutation(
    trpc.deployments.rehearseFailure.mutationOptions({
      onSuccess: (_answer, { failure }) => void toast.success(failures.find((one) => one.failure === failure)?.done ?? "Done"),
    }),
  );
  const problem = rehearse.error === null ? null : problemOf(rehearse.error);
  return (
    <div className="grid grid-cols-[minmax(280px,360px)_1fr] gap-6 p-4 max-md:grid-cols-1">
      <section aria-label="Failures" className="flex flex-col gap-4">
        {failures.map(({ failure, label, meaning, icon }) => (
          <div key={failure} className="flex flex-col gap-1">
            <Button
              icon={icon}
              disabled={!isRunning}
              busy={rehearse.isPending && rehearse.variables.failure === failure}
              onClick={() => rehearse.mutate({ deploymentId, failure })}
              className="self-start"
            >
              {label}
            </Button>
            <p className="text-12 text-ink-2">{meaning}</p>
          </div>
        ))}
        {problem !== null && <ProblemNote message={problem.message} fix={problem.fix} code={problem.code} />}
      </section>
      <Ledger pipelineId={pipelineId} tables={tables} />
    </div>
  );
}

function Ledger({ pipelineId, tables }: Pick<RehearsalTabProps, "pipelineId" | "tables">) {
  const [chosen, setChosen] = useState<string | null>(null);
  const [field, setField] = useState<string | null>(null);
  const table = tables.find(({ slug }) => slug === chosen) ?? tables[0];
  if (table === undefined) {
    return (
      <EmptyState small title="No ledger without a live table">
        Connect a Live table to what must be there once, and deploy again: this then counts how often each key has come.
      </EmptyState>
    );
  }
  const names = table.fields.map(({ name }) => name);
  const key = field !== null && names.includes(field) ? field : (names.find((name) => /(^|_)(id|key)$/.test(name)) ?? names[0] ?? "");
  return (
    <section aria-label="Ledger" className="flex min-w-0 flex-col gap-3">
      <div className="flex flex-wrap gap-3">
        <Select
          label="Rows of"
          value={table.slug}
          onValueChange={setChosen}
          options={tables.map(({ slug, label }) => ({ value: slug, label }))}
          className="w-56"
        />
        <Select
          label="Key"
          mono
          value={key}
          onValueChange={setField}
          options={names.map((name) => ({ value: name, label: name }))}
          className="w-56"
        />
      </div>
      <Effects pipelineId={pipelineId} table={table} field={key} />
    </section>
  );
}

function Effects({ pipelineId, table, field }: { readonly pipelineId: string; readonly table: RunNode; readonly field: string }) {
  const trpc = useTRPC();
  const query = trpc.liveTable.rows.queryOptions({ pipelineId, sinkId: table.slug });
  const { data: entries = [] } = useQuery(query);
  useStreamEntries(query.queryKey, (event) =>
    event.kind === "rows" && event.pipelineId === pipelineId && event.sinkId === table.slug ? event.entries : null,
  );
  const { rows, keys, repeated } = effectsPerKey(
    entries.map(({ row }) => row),
    field,
  );
  const isOnce = repeated.length === 0;
  return (
    <div className="rounded-control border border-line p-3">
      <p className="flex items-center gap-2 text-13">
        {isOnce ? <Check size={14} className="text-ok" aria-hidden /> : <TriangleAlert size={14} className="text-warn" aria-hidden />}
        {isOnce ? "Every key has one effect" : `${plural(repeated.length, "key")} with more than one effect`}
        <span className="figures text-12 text-ink-2">
          {countWords(keys)} keys in the last {countWords(rows)} rows
        </span>
      </p>
      {repeated.length > 0 && (
        <ul className="mt-2 max-h-40 overflow-y-auto">
          {repeated.slice(0, 50).map(({ key, count }) => (
            <li key={key} className="flex justify-between gap-4 border-t border-line py-1 text-12">
              <span className="truncate font-mono">{key}</span>
              <span className="figures text-ink-2">{countWords(count)} ×</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
