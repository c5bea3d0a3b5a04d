import { filter, keep } from "../documents.ts";
import type { Subject } from "../subject.ts";
import type { AuctionEvent, BidEvent } from "./events.ts";
import { nexmarkChain, nexmarkGraph } from "./nexmark-documents.ts";
import { nexmarkSubject } from "./nexmark-query.ts";

const bidFields = ["auction", "bidder", "price", "channel", "url", "dateTime", "extra"] as const;

/** The last bid of each bidder in each auction: every bid replaces the one before it. */
export const q18: Subject = nexmarkSubject({
  name: "q18",
  title: "find last bid",
  targets: { json: null },
  document: nexmarkChain("q18", filter("event_type = 2"), keep(...bidFields), {
    type: "deduplicate",
    params: { keyBy: ["bidder", "auction"], keep: "last", ttl: "30d" },
  }),
  plain(emit) {
    const last = new Map<string, number>();
    return {
      onRecord(event) {
        if (event.event_type !== 2) return;
        const { auction, bidder, price, channel, url, dateTime, extra } = event;
        const key = `${bidder} ${auction}`;
        const known = last.get(key);
        if (known !== undefined && dateTime < known) return;
        last.set(key, dateTime);
        emit({ _op: known === undefined ? "+I" : "+U", auction, bidder, price, channel, url, dateTime, extra });
      },
    };
  },
});

const topRanks = 10;

/** The ten highest bids of each auction: a bid that takes a rank comes out, with those that it pushes back. */
export const q19: Subject = nexmarkSubject({
  name: "q19",
  title: "auction top 10 price",
  targets: { json: null },
  document: nexmarkChain(
    "q19",
    filter("event_type = 2"),
    keep(...bidFields),
    { type: "top-n", params: { keyBy: ["auction"], by: "price", limit: topRanks, size: "365d", output: "update" } },
    keep(...bidFields, "rank"),
  ),
  plain(emit) {
    const tops = new Map<number, BidEvent[]>();
    return {
      onRecord(event) {
        if (event.event_type !== 2) return;
        const top = tops.get(event.auction) ?? [];
        tops.set(event.auction, top);
        let rank = top.length;
        while (rank > 0 && event.price > top[rank - 1].price) rank--;
        if (rank === topRanks) return;
        const before = top.length;
        top.splice(rank, 0, event);
        if (top.length > topRanks) top.pop();
        for (let at = rank; at < top.length; at++) {
          const { auction, bidder, price, channel, url, dateTime, extra } = top[at];
          emit({ _op: at < before ? "+U" : "+I", auction, bidder, price, channel, url, dateTime, extra, rank: at + 1 });
        }
      },
    };
  },
});

/** Bids with their auctions of category 10. A bid names an auction of the last moments or the next few, so that neither side is kept for long. */
export const q20: Subject = nexmarkSubject({
  name: "q20",
  title: "expand bid with auction",
  targets: { json: null },
  document: nexmarkGraph(
    "q20",
    {
      bids: filter("event_type = 2"),
      bid: keep(...bidFields),
      auctions: filter("event_type = 1 AND category = 10"),
      auction: keep(
        "id",
        "itemName",
        "description",
        "initialBid",
        "reserve",
        "auctionTime = dateTime",
        "expires",
        "seller",
        "category",
        "auctionExtra = extra",
      ),
      join: { type: "regular-join", params: { leftKeys: ["auction"], rightKeys: ["id"], leftTtl: "10s", rightTtl: "10s" } },
      row: keep(
        ...bidFields,
        "itemName",
        "description",
        "initialBid",
        "reserve",
        "auctionTime",
        "expires",
        "seller",
        "category",
        "auctionExtra",
      ),
    },
    ["events > bids > bid > join.left", "events > auctions > auction > join.right", "join > row > result"],
  ),
  plain(emit) {
    const auctions = new Map<number, AuctionEvent>();
    const waiting = new Map<number, BidEvent[]>();
    const say = (bid: BidEvent, of: AuctionEvent): void => {
      const { auction, bidder, price, channel, url, dateTime, extra } = bid;
      const { itemName, description, initialBid, reserve, expires, seller, category } = of;
      const ofAuction = { itemName, description, initialBid, reserve, auctionTime: of.dateTime, expires, seller, category };
      emit({ auction, bidder, price, channel, url, dateTime, extra, ...ofAuction, auctionExtra: of.extra });
    };
    return {
      onRecord(event) {
        if (event.event_type === 1 && event.category === 10) {
          auctions.set(event.id, event);
          for (const bid of waiting.get(event.id) ?? []) say(bid, event);
          waiting.delete(event.id);
        } else if (event.event_type === 2) {
          const auction = auctions.get(event.auction);
          if (auction !== undefined) say(event, auction);
          else {
            const known = waiting.get(event.auction);
            if (known === undefined) waiting.set(event.auction, [event]);
            else known.push(event);
          }
        }
      },
    };
  },
});
