"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC } from "../../../client/trpc.ts";
import { Button } from "../../../design/Button.tsx";
import { EmptyState } from "../../../design/EmptyState.tsx";
import { Cell, HeadCell, Row, Table, TableHead } from "../../../design/Table.tsx";
import { Time } from "../../../design/Time.tsx";
import { DeployDialog } from "../DeployDialog.tsx";
import { activityWords } from "./activity-words.ts";
import { ListState } from "./ListState.tsx";

export interface ActivityTabProps {
  readonly pipelineId: string;
  readonly name: string;
  /** The version that is to run; null when none is. */
  readonly running: number | null;
}

/** Who did what to the pipeline; an older version can be deployed again from here. */
export function ActivityTab({ pipelineId, name, running }: ActivityTabProps) {
  const trpc = useTRPC();
  const { data, error } = useQuery(trpc.deployments.history.queryOptions({ pipelineId }, { refetchInterval: 10_000 }));
  const [version, setVersion] = useState<number | null>(null);
  if (data === undefined) return <ListState error={error} what="activity" />;
  if (data.activity.length === 0) return <EmptyState small title="Nothing has happened yet" />;
  return (
    <>
      <Table caption="Activity, newest first" className="h-full">
        <TableHead>
          <HeadCell className="w-32 ps-4">When</HeadCell>
          <HeadCell className="w-40 max-sm:hidden">Who</HeadCell>
          <HeadCell>What</HeadCell>
          <HeadCell className="w-40 max-sm:w-0">
            <span className="sr-only">Actions</span>
          </HeadCell>
        </TableHead>
        <tbody>
          {data.activity.map((entry) => {
            const words = activityWords(entry.action, entry.details);
            return (
              <Row key={entry.id}>
                <Cell className="ps-4 text-ink-3">
                  <Time atMs={entry.atMs} />
                </Cell>
                <Cell className="max-sm:hidden">{entry.actor}</Cell>
                <Cell>
                  {words.what}
                  {words.comment !== "" && <span className="block pb-1 text-12 text-ink-3">{words.comment}</span>}
                </Cell>
                <Cell className="text-right">
                  {words.startedVersion !== null && words.startedVersion !== running && (
                    <Button size="small" variant="quiet" onClick={() => setVersion(words.startedVersion)}>
                      Deploy version {words.startedVersion}
                    </Button>
                  )}
                </Cell>
              </Row>
            );
          })}
        </tbody>
      </Table>
      {version !== null && (
        <DeployDialog
          pipelineId={pipelineId}
          name={name}
          version={version}
          open
          onOpenChange={(open) => {
            if (!open) setVersion(null);
          }}
        />
      )}
    </>
  );
}
