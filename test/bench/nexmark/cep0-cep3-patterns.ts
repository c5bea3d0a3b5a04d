import { readMatchRecognize } from "@millrace/engine";
import { filter, keep } from "../documents.ts";
import type { Row, Subject } from "../subject.ts";
import type { BidEvent } from "./events.ts";
import { nexmarkChain } from "./nexmark-documents.ts";
import { nexmarkSubject } from "./nexmark-query.ts";

/** What comes of the bids of one auction and bidder, in order. */
type OnBid = (bid: BidEvent) => void;

interface PatternQuery {
  readonly name: string;
  readonly title: string;
  /** The body of a MATCH_RECOGNIZE clause over bids, without what is the same in all. */
  readonly clause: string;
  readonly keep: readonly string[];
  /** The same per auction and bidder; `onEnd` is called when there are no more bids. */
  readonly plain: (emit: (row: Row) => void) => { readonly onBid: OnBid; readonly onEnd?: () => void };
}

/** Bids fall, and rise again: from the first price to the one above the lowest. */
export const cep0: Subject = patternSubject({
  name: "cep0",
  title: "prices that fall and rise",
  clause: `MEASURES LAST(DOWN.dateTime) AS bottom_time
    AFTER MATCH SKIP TO LAST UP
    PATTERN (BEFORE DOWN+ UP)
    DEFINE DOWN AS DOWN.price < PREV(DOWN.price), UP AS UP.price > LAST(DOWN.price)`,
  keep: ["start_time = match_start", "bottom_time", "end_time = match_end"],
  plain(emit) {
    let start: BidEvent | null = null;
    let bottom: BidEvent | null = null;
    return {
      onBid(bid) {
        const last: BidEvent | null = bottom ?? start;
        if (last !== null && bid.price < last.price) {
          bottom = bid;
          return;
        }
        if (start !== null && bottom !== null && bid.price > bottom.price) {
          emit({
            auction: bid.auction,
            bidder: bid.bidder,
            start_time: start.dateTime,
            bottom_time: bottom.dateTime,
            end_time: bid.dateTime,
          });
        }
        start = bid;
        bottom = null;
      },
    };
  },
});

const lowAverage = 10_000;

const averageClause = (skip: string): string => `MEASURES LAST(A.dateTime) AS last_time, AVG(A.price) AS avg_price
    AFTER MATCH SKIP ${skip}
    PATTERN (A+ B)
    DEFINE A AS AVG(A.price) < ${lowAverage}`;

/** Bids while their average is low, and the one that lifts it. */
export const cep1: Subject = patternSubject({
  name: "cep1",
  title: "bids of a low average",
  clause: averageClause("PAST LAST ROW"),
  keep: ["start_time = match_start", "last_time", "avg_price"],
  plain: (emit) =>
    searchFromEach(emit, (first) => {
      const run = startLow(first);
      return run === null ? null : (bid) => (extendLow(run, bid) ? "on" : lowRow(run));
    }),
});

/** The same from every bid on. */
export const cep2: Subject = patternSubject({
  name: "cep2",
  title: "bids of a low average, from each on",
  clause: averageClause("TO NEXT ROW"),
  keep: ["start_time = match_start", "last_time", "avg_price"],
  plain(emit) {
    let runs: LowRun[] = [];
    return {
      onBid(bid) {
        runs = runs.filter((run) => {
          if (extendLow(run, bid)) return true;
          emit(lowRow(run));
          return false;
        });
        const begun = startLow(bid);
        if (begun !== null) runs.push(begun);
      },
    };
  },
});

interface LowRun {
  readonly first: BidEvent;
  last: BidEvent;
  sum: number;
  count: number;
}

function startLow(bid: BidEvent): LowRun | null {
  return bid.price < lowAverage ? { first: bid, last: bid, sum: bid.price, count: 1 } : null;
}

/** Whether the average stays low with the bid, which then belongs to the run. */
function extendLow(run: LowRun, bid: BidEvent): boolean {
  if ((run.sum + bid.price) / (run.count + 1) >= lowAverage) return false;
  run.sum += bid.price;
  run.count += 1;
  run.last = bid;
  return true;
}

function lowRow({ first, last, sum, count }: LowRun): Row {
  const { auction, bidder } = first;
  return { auction, bidder, start_time: first.dateTime, last_time: last.dateTime, avg_price: sum / count };
}

const withinMs = 5000;
const drop = 50;

/** A bid that is more than 50 below an earlier one, with none such in between, within 5 seconds. */
export const cep3: Subject = patternSubject({
  name: "cep3",
  title: "a drop within 5 s",
  clause: `MEASURES C.dateTime AS drop_time, A.price - C.price AS drop_diff
    AFTER MATCH SKIP PAST LAST ROW
    PATTERN (A B* C) WITHIN INTERVAL '${withinMs / 1000}' SECOND
    DEFINE B AS B.price > A.price - ${drop}, C AS C.price < A.price - ${drop}`,
  keep: ["drop_time", "drop_diff"],
  plain: (emit) =>
    searchFromEach(emit, (a) => (bid) => {
      if (bid.dateTime - a.dateTime >= withinMs) return "over";
      if (bid.price > a.price - drop) return "on";
      if (bid.price === a.price - drop) return "over";
      return { auction: a.auction, bidder: a.bidder, drop_time: bid.dateTime, drop_diff: a.price - bid.price };
    }),
});

/** What comes of the next bid of a search: it goes on, it finds nothing, or a match as its row. */
type Walk = (bid: BidEvent) => "on" | "over" | Row;

/**
 * Searches from the first bid on, and from the one behind it when nothing is found, or when there are no more bids; behind a
 * match from the bid after it. `begin` gives null for a bid with which nothing can begin.
 */
function searchFromEach(emit: (row: Row) => void, begin: (first: BidEvent) => Walk | null): ReturnType<PatternQuery["plain"]> {
  let bids: BidEvent[] = [];
  let walk: Walk | null = null;
  let next = 0;
  const goOnAt = (index: number): void => {
    bids = bids.slice(index);
    walk = null;
    next = 0;
  };
  const search = (): void => {
    while (next < bids.length) {
      if (walk === null) {
        walk = begin(bids[0]);
        if (walk === null) goOnAt(1);
        else next = 1;
        continue;
      }
      const found = walk(bids[next]);
      if (found === "on") {
        next++;
      } else if (found === "over") {
        goOnAt(1);
      } else {
        emit(found);
        goOnAt(next + 1);
      }
    }
  };
  return {
    onBid(bid) {
      bids.push(bid);
      search();
    },
    onEnd() {
      while (bids.length > 0) {
        goOnAt(1);
        search();
      }
    },
  };
}

function patternSubject({ name, title, clause, keep: kept, plain }: PatternQuery): Subject {
  return nexmarkSubject({
    name,
    title,
    targets: { json: null },
    document: nexmarkChain(name, filter("event_type = 2"), pattern(clause), keep("auction", "bidder", ...kept)),
    plain(emit) {
      const keys = new Map<number, ReturnType<typeof plain>>();
      return {
        onRecord(event) {
          if (event.event_type !== 2) return;
          const key = event.auction * 0x100_0000 + event.bidder;
          const of = keys.get(key) ?? plain(emit);
          keys.set(key, of);
          of.onBid(event);
        },
        onEnd() {
          for (const of of keys.values()) of.onEnd?.();
        },
      };
    },
  });
}

function pattern(clause: string): { readonly type: string; readonly params: object } {
  const read = readMatchRecognize(`PARTITION BY auction, bidder ORDER BY dateTime ${clause}`, "dateTime");
  if (!read.ok) throw new Error(read.diagnostics.map(({ message }) => message).join("\n"));
  return { type: "event-pattern", params: read.value };
}
