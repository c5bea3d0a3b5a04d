import type { AuctionEvent, BidEvent, NexmarkEvent } from "./events.ts";

/** Auctions last at most a third of a second of this stream, so that no bid of an auction is later than this. */
export const longestAuction = "1s";

/**
 * Gives every valid bid of every auction, the plain way: one while the auction runs, both ends included. A bid may come before
 * its auction when both have one time.
 */
export function createValidBids(next: (auction: AuctionEvent, bid: BidEvent) => void): (event: NexmarkEvent) => void {
  const auctions = new Map<number, AuctionEvent>();
  const early = new Map<number, BidEvent[]>();
  const isValid = (auction: AuctionEvent, bid: BidEvent): boolean => auction.dateTime <= bid.dateTime && bid.dateTime <= auction.expires;
  return (event) => {
    if (event.event_type === 1) {
      auctions.set(event.id, event);
      for (const bid of early.get(event.id) ?? []) if (isValid(event, bid)) next(event, bid);
      early.delete(event.id);
    } else if (event.event_type === 2) {
      const auction = auctions.get(event.auction);
      if (auction !== undefined) {
        if (isValid(auction, event)) next(auction, event);
        return;
      }
      const known = early.get(event.auction);
      if (known === undefined) early.set(event.auction, [event]);
      else known.push(event);
    }
  };
}
