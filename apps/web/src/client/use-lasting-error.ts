"use client";

import { useState } from "react";

export interface WatchedQuery {
  readonly data: unknown;
  readonly error: unknown;
  readonly failureReason: unknown;
}

/**
 * Why there is no data yet; null while there is some. Unlike the query's own error it is there after the first failed
 * attempt, and stays while the query tries again, so that a page does not go back and forth between error and skeleton.
 */
export function useLastingError({ data, error, failureReason }: WatchedQuery): unknown {
  const [last, setLast] = useState<unknown>(null);
  const current = data === undefined ? (error ?? failureReason ?? last) : null;
  if (current !== last) setLast(current);
  return current;
}
