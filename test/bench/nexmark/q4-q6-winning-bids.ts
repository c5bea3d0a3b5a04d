import { filter, keep } from "../documents.ts";
import type { Row, Subject } from "../subject.ts";
import { createValidBids, longestAuction } from "./auction-bids.ts";
import { nexmarkGraph } from "./nexmark-documents.ts";
import { nexmarkSubject } from "./nexmark-query.ts";

/** Auctions beside each of their bids while they run; `more`: further fields of the auction. */
function validBids(...more: readonly string[]) {
  return {
    nodes: {
      auctions: filter("event_type = 1"),
      auction: keep("id", "expires", ...more),
      bids: filter("event_type = 2"),
      bid: keep("auction", "price", "bid_time = dateTime"),
      join: { type: "interval-join", params: { leftKeys: ["id"], rightKeys: ["auction"], from: "0s", to: longestAuction } },
      valid: filter("bid_time <= expires"),
    },
    edges: ["events > auctions > auction > join.left", "events > bids > bid > join.right"],
  };
}

const q4Bids = validBids("category");

/** Mean of the highest bids of the auctions of each category, said anew with every change. What it is in the end is compared. */
export const q4: Subject = nexmarkSubject({
  name: "q4",
  title: "average price per category",
  targets: { json: null },
  document: nexmarkGraph(
    "q4",
    {
      ...q4Bids.nodes,
      highest: {
        type: "running-aggregate",
        params: { keyBy: ["id", "category"], aggregates: [{ as: "final", fn: "max", argument: "price" }], output: "retract" },
      },
      average: { type: "running-aggregate", params: { keyBy: ["category"], aggregates: [{ as: "avg", fn: "avg", argument: "final" }] } },
    },
    [...q4Bids.edges, "join > valid > highest > average > result"],
  ),
  settled: lastPerCategory,
  plain(emit) {
    const highest = new Map<number, number>();
    const categories = new Map<number, { auctions: number; sum: number }>();
    return {
      onRecord: createValidBids(({ id, category }, { price }) => {
        const before = highest.get(id);
        if (before !== undefined && price <= before) return;
        highest.set(id, price);
        const known = categories.get(category) ?? { auctions: 0, sum: 0 };
        categories.set(category, known);
        if (before === undefined) known.auctions += 1;
        known.sum += price - (before ?? 0);
        emit({ _op: before === undefined && known.auctions === 1 ? "+I" : "+U", category, avg: known.sum / known.auctions });
      }),
    };
  },
});

function lastPerCategory(rows: readonly Row[]): readonly Row[] {
  const last = new Map<unknown, Row>();
  for (const { _op, ...row } of rows) if (_op !== "-U") last.set(row.category, row);
  return [...last.values()];
}

const q6Bids = validBids("seller");
const auctionsOfMean = 10;
const decidedAfterMs = 1000;

interface Decided {
  readonly seller: number;
  readonly id: number;
  final: number;
  last: number;
}

/**
 * Mean of the winning bids of each seller's last ten auctions, from the tenth on, in the order in which they are decided: a
 * second after their last valid bid. The order of the bids' own times, as Flink's form of the query has it, cannot be
 * said: results stand at the time at which they are known.
 */
export const q6: Subject = nexmarkSubject({
  name: "q6",
  title: "average selling price by seller, over ten decided auctions",
  targets: { json: null },
  document: nexmarkGraph(
    "q6",
    {
      ...q6Bids.nodes,
      decided: {
        type: "session-window",
        params: { keyBy: ["id", "seller"], gap: `${decidedAfterMs}ms`, aggregates: [{ as: "final", fn: "max", argument: "price" }] },
      },
      mean: {
        type: "count-window",
        params: { keyBy: ["seller"], size: auctionsOfMean, slide: 1, aggregates: [{ as: "avg", fn: "avg", argument: "final" }] },
      },
      row: keep("seller", "avg"),
    },
    [...q6Bids.edges, "join > valid > decided > mean > row > result"],
  ),
  plain(emit) {
    const open = new Map<number, Decided>();
    const finals = new Map<number, number[]>();
    const decide = (watermark: number): void => {
      const due = [...open.values()].filter(({ last }) => last + decidedAfterMs <= watermark);
      due.sort((a, b) => a.last - b.last);
      for (const { id, seller, final } of due) {
        open.delete(id);
        const known = finals.get(seller) ?? [];
        finals.set(seller, known);
        known.push(final);
        if (known.length > auctionsOfMean) known.shift();
        if (known.length === auctionsOfMean) emit({ seller, avg: known.reduce((sum, price) => sum + price, 0) / auctionsOfMean });
      }
    };
    const onValidBid = createValidBids(({ id, seller }, { price, dateTime }) => {
      const known = open.get(id);
      if (known === undefined) open.set(id, { seller, id, final: price, last: dateTime });
      else {
        known.final = Math.max(known.final, price);
        known.last = dateTime;
      }
    });
    let lastMs = Number.NEGATIVE_INFINITY;
    return {
      onRecord(event) {
        if (event.dateTime > lastMs) {
          lastMs = event.dateTime;
          decide(lastMs - 1);
        }
        onValidBid(event);
      },
      onEnd: () => decide(Number.POSITIVE_INFINITY),
    };
  },
});
