"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTRPC } from "../../client/trpc.ts";
import { HeadCell, Table, TableHead } from "../../design/Table.tsx";
import { RateHistory } from "../../live/rate-history.ts";
import { PipelineTableRow } from "./PipelineTableRow.tsx";
import type { PipelineRow } from "./pipeline-row.ts";

/** The table of pipelines. Rates are live; the last minute of each comes once from the server. */
export function PipelineTable({ pipelines }: { readonly pipelines: readonly PipelineRow[] }) {
  const trpc = useTRPC();
  const ids = pipelines
    .flatMap((row) => (row.deployment === null || row.deployment.desired === "STOPPED" ? [] : [row.deployment.id]))
    .slice(0, 100);
  const { data: pasts } = useQuery(
    trpc.metrics.overview.queryOptions(
      { deploymentIds: [...ids].sort() },
      { enabled: ids.length > 0, staleTime: Number.POSITIVE_INFINITY },
    ),
  );
  const histories = useMemo(() => {
    const byDeployment = new Map<string, RateHistory>();
    for (const past of pasts ?? []) {
      const history = new RateHistory();
      past.atMs.forEach((atMs, i) => {
        history.add(atMs, past.inPerSecond[i] ?? 0, past.outPerSecond[i] ?? 0);
      });
      byDeployment.set(past.deploymentId, history);
    }
    return byDeployment;
  }, [pasts]);

  return (
    <Table caption="Pipelines" className="rounded-panel border border-line bg-surface-1">
      <TableHead>
        <HeadCell className="ps-4">Name</HeadCell>
        <HeadCell className="w-32">State</HeadCell>
        <HeadCell numeric className="w-40 max-md:hidden">
          In
        </HeadCell>
        <HeadCell numeric className="w-40 max-md:hidden">
          Out
        </HeadCell>
        <HeadCell numeric className="w-32 max-lg:hidden">
          Last checkpoint
        </HeadCell>
        <HeadCell numeric className="w-28 max-sm:hidden">
          Changed
        </HeadCell>
        <HeadCell className="w-10">
          <span className="sr-only">Actions</span>
        </HeadCell>
      </TableHead>
      <tbody>
        {pipelines.map((row) => (
          <PipelineTableRow key={row.id} row={row} history={row.deployment === null ? undefined : histories.get(row.deployment.id)} />
        ))}
      </tbody>
    </Table>
  );
}
