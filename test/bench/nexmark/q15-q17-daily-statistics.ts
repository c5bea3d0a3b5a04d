import { filter, keep } from "../documents.ts";
import type { Subject } from "../subject.ts";
import { nexmarkChain } from "./nexmark-documents.ts";
import { nexmarkSubject } from "./nexmark-query.ts";

/** Ranks of prices, by name with their condition. */
const ranks = [
  { rank: "rank1", where: "price < 10000" },
  { rank: "rank2", where: "price >= 10000 AND price < 1000000" },
  { rank: "rank3", where: "price >= 1000000" },
] as const;

function rankOf(price: number): number {
  return price < 10_000 ? 0 : price < 1_000_000 ? 1 : 2;
}

const day = "day = DATE_FORMAT(dateTime, 'yyyy-MM-dd')";

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** An aggregate over all records, and over those of each rank. */
function perRank(what: string, of: object): readonly object[] {
  return [{ as: `total_${what}`, ...of }, ...ranks.map(({ rank, where }) => ({ as: `${rank}_${what}`, ...of, filter: where }))];
}

/** Bids, bidders and auctions of each day, all and by rank of price, said anew with every bid. */
export const q15: Subject = nexmarkSubject({
  name: "q15",
  title: "bidding statistics",
  targets: { json: null },
  document: nexmarkChain("q15", filter("event_type = 2"), keep(day, "auction", "bidder", "price"), {
    type: "running-aggregate",
    params: {
      keyBy: ["day"],
      aggregates: [
        ...perRank("bids", { fn: "count" }),
        ...perRank("bidders", { fn: "count_distinct", argument: "bidder" }),
        ...perRank("auctions", { fn: "count_distinct", argument: "auction" }),
      ],
    },
  }),
  plain(emit) {
    const newCount = () => ({ bids: 0, bidders: new Set<number>(), auctions: new Set<number>() });
    const days = new Map<string, readonly ReturnType<typeof newCount>[]>();
    return {
      onRecord(event) {
        if (event.event_type !== 2) return;
        const key = dayOf(event.dateTime);
        const known = days.get(key);
        const counts = known ?? [newCount(), newCount(), newCount(), newCount()];
        if (known === undefined) days.set(key, counts);
        for (const count of [counts[0], counts[1 + rankOf(event.price)]]) {
          count.bids += 1;
          count.bidders.add(event.bidder);
          count.auctions.add(event.auction);
        }
        const [total, rank1, rank2, rank3] = counts;
        emit({
          _op: known === undefined ? "+I" : "+U",
          day: key,
          total_bids: total.bids,
          rank1_bids: rank1.bids,
          rank2_bids: rank2.bids,
          rank3_bids: rank3.bids,
          total_bidders: total.bidders.size,
          rank1_bidders: rank1.bidders.size,
          rank2_bidders: rank2.bidders.size,
          rank3_bidders: rank3.bidders.size,
          total_auctions: total.auctions.size,
          rank1_auctions: rank1.auctions.size,
          rank2_auctions: rank2.auctions.size,
          rank3_auctions: rank3.auctions.size,
        });
      },
    };
  },
});

interface Statistics {
  bids: number;
  readonly ranks: [number, number, number];
  min: number;
  max: number;
  sum: number;
}

/** Bids and prices of each auction and day, said anew with every bid. */
export const q17: Subject = nexmarkSubject({
  name: "q17",
  title: "auction statistics",
  targets: { json: null },
  document: nexmarkChain("q17", filter("event_type = 2"), keep("auction", day, "price"), {
    type: "running-aggregate",
    params: {
      keyBy: ["auction", "day"],
      aggregates: [
        ...perRank("bids", { fn: "count" }),
        { as: "min_price", fn: "min", argument: "price" },
        { as: "max_price", fn: "max", argument: "price" },
        { as: "avg_price", fn: "avg", argument: "price" },
        { as: "sum_price", fn: "sum", argument: "price" },
      ],
    },
  }),
  plain(emit) {
    const groups = new Map<string, Statistics>();
    return {
      onRecord(event) {
        if (event.event_type !== 2) return;
        const { auction, price } = event;
        const date = dayOf(event.dateTime);
        const key = `${auction} ${date}`;
        const known = groups.get(key);
        const group = known ?? { bids: 0, ranks: [0, 0, 0], min: price, max: price, sum: 0 };
        if (known === undefined) groups.set(key, group);
        group.bids += 1;
        group.ranks[rankOf(price)] += 1;
        group.min = Math.min(group.min, price);
        group.max = Math.max(group.max, price);
        group.sum += price;
        emit({
          _op: known === undefined ? "+I" : "+U",
          auction,
          day: date,
          total_bids: group.bids,
          rank1_bids: group.ranks[0],
          rank2_bids: group.ranks[1],
          rank3_bids: group.ranks[2],
          min_price: group.min,
          max_price: group.max,
          avg_price: group.sum / group.bids,
          sum_price: group.sum,
        });
      },
    };
  },
});
