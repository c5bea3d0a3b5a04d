"use client";

import { EmptyState } from "../../../design/EmptyState.tsx";
import { Cell, HeadCell, Row, Table, TableHead } from "../../../design/Table.tsx";
import { Time } from "../../../design/Time.tsx";
import type { DeadLetter } from "../../../live/live-event.ts";
import { DeadLetterActions } from "./DeadLetterActions.tsx";
import { ListState } from "./ListState.tsx";

export interface DeadLettersTabProps {
  readonly pipelineId: string;
  /** Only sources read a record again. */
  readonly isSource: (slug: string) => boolean;
  readonly letters: readonly DeadLetter[] | undefined;
  readonly error: unknown;
  readonly labelOf: (slug: string) => string;
}

/** Records that could not be used: which node gave up on them and why. */
export function DeadLettersTab({ pipelineId, isSource, letters, error, labelOf }: DeadLettersTabProps) {
  if (letters === undefined) return <ListState error={error} what="dead letters" />;
  if (letters.length === 0) {
    return (
      <EmptyState small title="No dead letters">
        A record that cannot be read or computed is kept here with the reason, and the pipeline goes on.
      </EmptyState>
    );
  }
  return (
    <div className="flex h-full min-h-0 flex-col">
      <DeadLetterActions pipelineId={pipelineId} letters={letters} isSource={isSource} />
      <Table caption="Dead letters, newest first" className="min-h-0 flex-1">
        <TableHead>
          <HeadCell className="w-28 ps-4">When</HeadCell>
          <HeadCell className="w-48">Node</HeadCell>
          <HeadCell>Reason</HeadCell>
          <HeadCell>Record</HeadCell>
        </TableHead>
        <tbody>
          {letters.map((letter) => (
            <Row key={letter.id}>
              <Cell className="ps-4 align-top text-ink-3">
                <div className="py-1.5">
                  <Time atMs={letter.atMs} />
                </div>
              </Cell>
              <Cell className="align-top">
                <div className="py-1.5">{labelOf(letter.node)}</div>
              </Cell>
              <Cell className="max-w-96 align-top">
                <div className="py-1.5">
                  {letter.reason}
                  <span className="block font-mono text-12 text-ink-3">{letter.position}</span>
                </div>
              </Cell>
              <Cell className="max-w-96 align-top">
                <details className="py-1.5">
                  <summary className="truncate font-mono text-12 text-ink-2">{letter.raw === "" ? "(empty)" : letter.raw}</summary>
                  <pre className="mt-2 max-h-48 overflow-auto rounded-control bg-surface-2 p-2 font-mono text-12 break-all whitespace-pre-wrap">
                    {letter.raw}
                  </pre>
                </details>
              </Cell>
            </Row>
          ))}
        </tbody>
      </Table>
    </div>
  );
}
