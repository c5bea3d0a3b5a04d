"use client";

import { useQuery } from "@tanstack/react-query";
import { memo, useMemo, useState } from "react";
import { useTRPC } from "../../../client/trpc.ts";
import { EmptyState } from "../../../design/EmptyState.tsx";
import { clockWords } from "../../../design/format/times.ts";
import { Select } from "../../../design/Select.tsx";
import { Cell, HeadCell, Row, Table, TableHead } from "../../../design/Table.tsx";
import type { LiveRowEntry } from "../../../live/live-event.ts";
import type { RunNode } from "../read-deployed.ts";
import { useStreamEntries } from "../use-stream-entries.ts";
import { ListState } from "./ListState.tsx";
import { columnWidthPx, type TableColumn, tableColumns } from "./table-columns.ts";
import { valueInFull, valueWords } from "./value-words.ts";

export interface LiveTableTabProps {
  readonly pipelineId: string;
  readonly tables: readonly RunNode[];
}

/** Rows of a live table, the newest on top. */
export function LiveTableTab({ pipelineId, tables }: LiveTableTabProps) {
  const [chosen, setChosen] = useState<string | null>(null);
  const table = tables.find((candidate) => candidate.slug === chosen) ?? tables[0];
  if (table === undefined) {
    return (
      <EmptyState small title="No live table">
        Add a Live table to the pipeline and connect it to whatever you want to see, then deploy again.
      </EmptyState>
    );
  }
  return (
    <div className="flex h-full flex-col">
      {tables.length > 1 && (
        <div className="shrink-0 border-b border-line px-4 py-2">
          <Select
            label="Live table"
            hideLabel
            value={table.slug}
            onValueChange={setChosen}
            options={tables.map(({ slug, label }) => ({ value: slug, label }))}
            className="w-56"
          />
        </div>
      )}
      <Rows pipelineId={pipelineId} table={table} />
    </div>
  );
}

function Rows({ pipelineId, table }: { readonly pipelineId: string; readonly table: RunNode }) {
  const trpc = useTRPC();
  const query = trpc.liveTable.rows.queryOptions({ pipelineId, sinkId: table.slug });
  const { data: entries, error } = useQuery(query);
  useStreamEntries(query.queryKey, (event) =>
    event.kind === "rows" && event.pipelineId === pipelineId && event.sinkId === table.slug ? event.entries : null,
  );
  if (entries === undefined) return <ListState error={error} what="rows" />;
  if (entries.length === 0) {
    return (
      <EmptyState small title={`No row in ${table.label} yet`}>
        Rows appear with the checkpoint that they belong to; after a window, once the watermark has passed its end.
      </EmptyState>
    );
  }
  return <RowTable label={table.label} entries={entries} columns={tableColumns(entries, table.fields)} />;
}

interface RowTableProps {
  readonly label: string;
  readonly entries: readonly LiveRowEntry[];
  readonly columns: readonly TableColumn[];
}

const writtenWidthPx = 112;

function RowTable({ label, entries, columns }: RowTableProps) {
  // The same columns are one object, so that rows which are on the page already are not rendered again.
  const key = JSON.stringify(columns);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key holds all of the columns
  const stable = useMemo(() => columns, [key]);
  return (
    <Table caption={`Rows of ${label}, newest first`} className="min-h-0 flex-1" widthsPx={[writtenWidthPx, ...stable.map(columnWidthPx)]}>
      <TableHead>
        <HeadCell className="ps-4">Written</HeadCell>
        {stable.map((column) => (
          <HeadCell key={column.name} numeric={column.isNumeric} title={column.name} className="truncate font-mono">
            {column.name}
          </HeadCell>
        ))}
      </TableHead>
      <tbody>
        {entries.map((entry) => (
          <LiveRow key={entry.id} entry={entry} columns={stable} />
        ))}
      </tbody>
    </Table>
  );
}

const LiveRow = memo(function LiveRow({ entry, columns }: { readonly entry: LiveRowEntry; readonly columns: readonly TableColumn[] }) {
  return (
    <Row>
      <Cell height="dense" className="figures ps-4 text-12 whitespace-nowrap text-ink-3">
        {clockWords(entry.atMs)}
      </Cell>
      {columns.map(({ name, type, isNumeric }) => (
        <Cell
          key={name}
          numeric={isNumeric}
          height="dense"
          title={valueInFull(entry.row[name], type)}
          className="truncate font-mono text-12"
        >
          {valueWords(entry.row[name], type)}
        </Cell>
      ))}
    </Row>
  );
});
