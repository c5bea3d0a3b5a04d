import { filter, keep } from "../documents.ts";
import type { Subject } from "../subject.ts";
import { nexmarkChain } from "./nexmark-documents.ts";
import { nexmarkSubject } from "./nexmark-query.ts";

/** Every bid passes through. */
export const q0: Subject = nexmarkSubject({
  name: "q0",
  title: "pass through",
  targets: { json: 0.9, columns: 20 },
  document: nexmarkChain("q0", filter("event_type = 2"), keep("auction", "bidder", "price", "dateTime", "extra")),
  plain: (emit) => ({
    onRecord(event) {
      if (event.event_type !== 2) return;
      const { auction, bidder, price, dateTime, extra } = event;
      emit({ auction, bidder, price, dateTime, extra });
    },
  }),
});

/** Prices in another currency: 0.908 of them, which has three decimals and is computed without an error in binary. */
export const q1: Subject = nexmarkSubject({
  name: "q1",
  title: "currency conversion",
  targets: { json: 0.9, columns: 20 },
  document: nexmarkChain("q1", filter("event_type = 2"), keep("auction", "bidder", "price = 908 * price / 1000.0", "dateTime", "extra")),
  plain: (emit) => ({
    onRecord(event) {
      if (event.event_type !== 2) return;
      const { auction, bidder, price, dateTime, extra } = event;
      emit({ auction, bidder, price: (908 * price) / 1000, dateTime, extra });
    },
  }),
});

/** The bids of every 123rd auction. */
export const q2: Subject = nexmarkSubject({
  name: "q2",
  title: "bids of every 123rd auction",
  targets: { json: 1.8, columns: 40 },
  document: nexmarkChain("q2", filter("event_type = 2 AND auction % 123 = 0"), keep("auction", "price")),
  plain: (emit) => ({
    onRecord(event) {
      if (event.event_type === 2 && event.auction % 123 === 0) emit({ auction: event.auction, price: event.price });
    },
  }),
});
