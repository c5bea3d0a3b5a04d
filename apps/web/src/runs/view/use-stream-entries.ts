"use client";

import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { type Identified, mergeEntries } from "../../live/entry-list.ts";
import { useConnectionState, useLiveEvents } from "../../live/LiveProvider.tsx";
import type { LiveEvent } from "../../live/live-event.ts";

/** Most entries that a page keeps of one stream. */
const limit = 200;

/**
 * Puts live entries into the query that loaded the list, newest first. After the connection was lost the list is
 * loaded again. `pick` returns the entries of an event that belong to the list, or null.
 */
export function useStreamEntries<E extends Identified>(queryKey: QueryKey, pick: (event: LiveEvent) => readonly E[] | null): void {
  const queries = useQueryClient();
  const connection = useConnectionState();
  useLiveEvents((event) => {
    const entries = pick(event);
    if (entries === null) return;
    queries.setQueryData<readonly E[]>(queryKey, (known) => (known === undefined ? known : mergeEntries(known, entries, limit)));
  });
  const key = JSON.stringify(queryKey);
  useEffect(() => {
    if (connection === "open") void queries.invalidateQueries({ queryKey: JSON.parse(key) as QueryKey });
  }, [connection, queries, key]);
}
