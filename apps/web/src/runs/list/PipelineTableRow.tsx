"use client";

import Link from "next/link";
import { useState } from "react";
import { agoWords } from "../../design/format/durations.ts";
import { StateChip } from "../../design/StateChip.tsx";
import { Cell, Row } from "../../design/Table.tsx";
import { Time } from "../../design/Time.tsx";
import { LiveNumber } from "../../live/LiveNumber.tsx";
import { liveStoreOf } from "../../live/live-store.ts";
import { RateHistory } from "../../live/rate-history.ts";
import { PipelineMenu } from "./PipelineMenu.tsx";
import { isAtWork, type PipelineRow, rowState } from "./pipeline-row.ts";
import { RateCell } from "./RateCell.tsx";

export interface PipelineTableRowProps {
  readonly row: PipelineRow;
  /** The last minute, once it is loaded. */
  readonly history: RateHistory | undefined;
}

const none = <span className="text-ink-3">–</span>;

/** One pipeline of the table. What runs or failed leads to the run view, everything else to the editor. */
export function PipelineTableRow({ row, history }: PipelineTableRowProps) {
  const [empty] = useState(() => new RateHistory());
  const isLive = row.deployment !== null && isAtWork(row.deployment);
  const store = isLive && row.deployment !== null ? liveStoreOf(row.deployment.id) : null;
  const past = history ?? empty;
  return (
    <Row>
      <Cell height="tall" className="max-w-0 ps-4">
        <Link
          href={isLive || row.deployment?.state === "FAILED" ? `/pipelines/${row.id}/run` : `/pipelines/${row.id}`}
          className="block truncate rounded-control font-medium text-ink hover:text-accent"
        >
          {row.name}
        </Link>
        <NameNote row={row} />
      </Cell>
      <Cell>
        <StateChip state={rowState(row)} />
      </Cell>
      <Cell numeric className="max-md:hidden">
        {store === null ? none : <RateCell store={store} history={past} direction="in" />}
      </Cell>
      <Cell numeric className="max-md:hidden">
        {store === null ? none : <RateCell store={store} history={past} direction="out" />}
      </Cell>
      <Cell numeric className="max-lg:hidden">
        {store === null ? (
          none
        ) : (
          <LiveNumber store={store} read={(frame) => (frame.checkpoint.ageMs === null ? "none yet" : agoWords(frame.checkpoint.ageMs))} />
        )}
      </Cell>
      <Cell numeric className="text-ink-2 max-sm:hidden">
        <Time atMs={row.updatedAtMs} as="ago" />
      </Cell>
      <Cell className="pe-2">
        <PipelineMenu row={row} />
      </Cell>
    </Row>
  );
}

/** What is wrong, or else what the pipeline is for. */
function NameNote({ row }: { readonly row: PipelineRow }) {
  const problem = row.unreadable ?? row.deployment?.status?.problem?.message ?? null;
  const text = problem ?? row.description;
  if (text === "") return null;
  return (
    <p title={text} className={`truncate text-12 ${problem === null ? "text-ink-3" : "text-danger"}`}>
      {text}
    </p>
  );
}
