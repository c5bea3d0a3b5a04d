import { filter, keep } from "../documents.ts";
import { sideInput } from "../numbers-lookup.ts";
import type { Subject } from "../subject.ts";
import { nexmarkChain } from "./nexmark-documents.ts";
import { nexmarkSubject } from "./nexmark-query.ts";

/** Bids with what a side input of 10,000 rows says of their auction, asked as they come. */
export const q13: Subject = nexmarkSubject({
  name: "q13",
  title: "bounded side input",
  targets: { json: null },
  document: nexmarkChain(
    "q13",
    filter("event_type = 2"),
    keep("auction", "bidder", "price", "dateTime", "side = auction % 10000"),
    {
      type: "redis-lookup",
      params: { connection: "side", key: "{side}", kind: "inner", cacheFor: "1h", fields: [{ name: "value", type: "string" }] },
    },
    keep("auction", "bidder", "price", "dateTime", "value"),
  ),
  plain: (emit) => ({
    onRecord(event) {
      if (event.event_type !== 2) return;
      const { auction, bidder, price, dateTime } = event;
      const value = sideInput.get(auction % 10_000);
      if (value !== undefined) emit({ auction, bidder, price, dateTime, value });
    },
  }),
});

/** Bids of a range of prices in another currency, with the kind of hour and how many letters c their text has. */
export const q14: Subject = nexmarkSubject({
  name: "q14",
  title: "calculation",
  targets: { json: null },
  document: nexmarkChain(
    "q14",
    filter("event_type = 2 AND 908 * price / 1000.0 > 1000000 AND 908 * price / 1000.0 < 50000000"),
    keep(
      "auction",
      "bidder",
      "price = 908 * price / 1000.0",
      "bidTimeType = CASE WHEN HOUR(dateTime) BETWEEN 8 AND 18 THEN 'dayTime' WHEN HOUR(dateTime) <= 6 OR HOUR(dateTime) >= 20 THEN 'nightTime' ELSE 'otherTime' END",
      "dateTime",
      "extra",
      "c_counts = CHAR_LENGTH(extra) - CHAR_LENGTH(REPLACE(extra, 'c', ''))",
    ),
  ),
  plain: (emit) => ({
    onRecord(event) {
      if (event.event_type !== 2) return;
      const { auction, bidder, dateTime, extra } = event;
      const price = (908 * event.price) / 1000;
      if (!(price > 1_000_000 && price < 50_000_000)) return;
      const hour = new Date(dateTime).getUTCHours();
      const bidTimeType = hour >= 8 && hour <= 18 ? "dayTime" : hour <= 6 || hour >= 20 ? "nightTime" : "otherTime";
      emit({ auction, bidder, price, bidTimeType, dateTime, extra, c_counts: extra.split("c").length - 1 });
    },
  }),
});
