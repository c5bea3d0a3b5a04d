import { filter, keep } from "../documents.ts";
import type { Subject } from "../subject.ts";
import type { BidEvent } from "./events.ts";
import { nexmarkGraph } from "./nexmark-documents.ts";
import { nexmarkSubject } from "./nexmark-query.ts";

const sizeMs = 10_000;

interface Window {
  highest: number;
  bids: BidEvent[];
}

/**
 * The bids with the highest price of each 10 seconds. The query's bounds are both inclusive: a bid at the very end of a
 * window, which counts for the next one, comes out too when it has the highest price of the window before it.
 */
export const q7: Subject = nexmarkSubject({
  name: "q7",
  title: "highest bid",
  targets: { json: 1.6, columns: 20 },
  document: nexmarkGraph(
    "q7",
    {
      bids: filter("event_type = 2"),
      bid: keep("auction", "price", "bidder", "dateTime", "extra"),
      highest: { type: "top-n", params: { keyBy: [], by: "price", limit: 1, size: "10s", ties: true } },
      inside: keep("auction", "price", "bidder", "dateTime", "extra"),
      highest_price: {
        type: "tumbling-window",
        params: { keyBy: [], size: "10s", aggregates: [{ as: "highest", fn: "max", argument: "price" }] },
      },
      at_end: filter("dateTime = FLOOR(dateTime TO SECOND) AND UNIX_TIMESTAMP(dateTime) % 10 = 0"),
      with_end: {
        type: "interval-join",
        params: { leftKeys: ["price"], rightKeys: ["highest"], from: "1ms", fromSide: "before", to: "1ms", toSide: "before" },
      },
      behind: keep("auction", "price", "bidder", "dateTime", "extra"),
      all: { type: "union", params: {} },
    },
    [
      "events > bids > bid > highest > inside > all",
      "bid > highest_price > with_end.right",
      "bid > at_end > with_end.left",
      "with_end > behind > all",
      "all > result",
    ],
  ),
  plain(emit) {
    const windows = new Map<number, Window>();
    const say = ({ auction, price, bidder, dateTime, extra }: BidEvent): void => emit({ auction, price, bidder, dateTime, extra });
    const close = (start: number, atEnd: readonly BidEvent[]): void => {
      const window = windows.get(start);
      if (window === undefined) return;
      windows.delete(start);
      for (const bid of window.bids) say(bid);
      for (const bid of atEnd) if (bid.price === window.highest) say(bid);
    };
    let atEnd: BidEvent[] = [];
    let last = Number.NEGATIVE_INFINITY;
    return {
      onRecord(event) {
        // Only when time has left the end of a window, all bids at it are there.
        const boundary = event.dateTime - (event.dateTime % sizeMs);
        if (event.dateTime > last && last % sizeMs === 0) {
          close(last - sizeMs, atEnd);
          atEnd = [];
        } else if (boundary > last) close(last - (last % sizeMs), []);
        last = event.dateTime;
        if (event.event_type !== 2) return;
        if (event.dateTime === boundary) atEnd.push(event);
        const window = windows.get(boundary) ?? { highest: -1, bids: [] };
        windows.set(boundary, window);
        if (event.price > window.highest) {
          window.highest = event.price;
          window.bids = [event];
        } else if (event.price === window.highest) window.bids.push(event);
      },
      onEnd() {
        if (last % sizeMs === 0) close(last - sizeMs, atEnd);
        for (const start of [...windows.keys()]) close(start, []);
      },
    };
  },
});
