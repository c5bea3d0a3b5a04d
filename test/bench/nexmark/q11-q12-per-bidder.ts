import { filter, keep } from "../documents.ts";
import type { Row, Subject } from "../subject.ts";
import { nexmarkChain } from "./nexmark-documents.ts";
import { nexmarkSubject } from "./nexmark-query.ts";

const gapMs = 10_000;

interface Session {
  readonly bidder: number;
  readonly start: number;
  last: number;
  count: number;
}

/** Bids of each bidder until 10 seconds of silence. */
export const q11: Subject = nexmarkSubject({
  name: "q11",
  title: "user sessions",
  targets: { json: 1.4, columns: 6 },
  document: nexmarkChain(
    "q11",
    filter("event_type = 2"),
    { type: "session-window", params: { keyBy: ["bidder"], gap: "10s", aggregates: [{ as: "bid_count", fn: "count" }] } },
    keep("bidder", "bid_count", "starttime = window_start", "endtime = window_end"),
  ),
  plain(emit) {
    const sessions = new Map<number, Session>();
    const close = ({ bidder, start, last, count }: Session): void =>
      emit({ bidder, bid_count: count, starttime: start, endtime: last + gapMs });
    return {
      onRecord(event) {
        if (event.event_type !== 2) return;
        const { bidder, dateTime } = event;
        const known = sessions.get(bidder);
        if (known !== undefined && dateTime - known.last <= gapMs) {
          known.last = dateTime;
          known.count += 1;
          return;
        }
        if (known !== undefined) close(known);
        sessions.set(bidder, { bidder, start: dateTime, last: dateTime, count: 1 });
      },
      onEnd() {
        for (const session of sessions.values()) close(session);
      },
    };
  },
});

/** Bids of each bidder in 10 seconds of the clock. In which of them a bid falls is left to the clock; that each counts once is not. */
export const q12: Subject = nexmarkSubject({
  name: "q12",
  title: "windows of processing time",
  targets: { json: 1.5, columns: 10 },
  document: nexmarkChain(
    "q12",
    filter("event_type = 2"),
    {
      type: "tumbling-window",
      params: { keyBy: ["bidder"], size: "10s", time: "processing", aggregates: [{ as: "bid_count", fn: "count" }] },
    },
    keep("bidder", "bid_count", "starttime = window_start", "endtime = window_end"),
  ),
  plain(emit) {
    let start = Number.NEGATIVE_INFINITY;
    const counts = new Map<number, number>();
    const close = (): void => {
      for (const [bidder, count] of counts) emit({ bidder, bid_count: count, starttime: start, endtime: start + gapMs });
      counts.clear();
    };
    return {
      onRecord(event) {
        if (event.event_type !== 2) return;
        const now = Date.now();
        if (now >= start + gapMs) {
          close();
          start = now - (now % gapMs);
        }
        counts.set(event.bidder, (counts.get(event.bidder) ?? 0) + 1);
      },
      onEnd: close,
    };
  },
  settled: sumsPerBidder,
});

/** Bids per bidder over all windows; throws when a window is none of 10 seconds, or comes twice for a bidder. */
function sumsPerBidder(rows: readonly Row[]): readonly Row[] {
  const sums = new Map<number, number>();
  const seen = new Set<string>();
  for (const { bidder, bid_count, starttime, endtime } of rows) {
    const [start, end] = [Number(starttime), Number(endtime)];
    const window = `${bidder} ${start}`;
    if (start % gapMs !== 0 || end !== start + gapMs || seen.has(window))
      throw new Error(`q12 gave a window from ${start} to ${end} of ${bidder}`);
    seen.add(window);
    sums.set(Number(bidder), (sums.get(Number(bidder)) ?? 0) + Number(bid_count));
  }
  return [...sums].map(([bidder, bid_count]) => ({ bidder, bid_count }));
}
