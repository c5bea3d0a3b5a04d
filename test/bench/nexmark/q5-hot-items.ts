import { filter, keep } from "../documents.ts";
import type { Subject } from "../subject.ts";
import { nexmarkChain } from "./nexmark-documents.ts";
import { nexmarkSubject } from "./nexmark-query.ts";

const sizeMs = 10_000;
const slideMs = 2000;

/** The auctions with the most bids in the last 10 seconds, every 2 seconds. The results of one hopping window lie in one slide, where they are ranked. */
export const q5: Subject = nexmarkSubject({
  name: "q5",
  title: "hot items",
  targets: { json: 1.4, columns: 5 },
  document: nexmarkChain(
    "q5",
    filter("event_type = 2"),
    {
      type: "hopping-window",
      params: { keyBy: ["auction"], size: "10s", slide: "2s", aggregates: [{ as: "num", fn: "count" }] },
    },
    { type: "top-n", params: { keyBy: ["window_end"], by: "num", limit: 1, size: "2s", ties: true } },
    keep("auction", "num"),
  ),
  plain(emit) {
    const windows = new Map<number, Map<number, number>>();
    let open = Number.NEGATIVE_INFINITY;
    const close = (counts: Map<number, number>): void => {
      const most = Math.max(...counts.values());
      for (const [auction, num] of counts) if (num === most) emit({ auction, num });
    };
    return {
      onRecord(event) {
        if (event.dateTime >= open) {
          open = event.dateTime - (event.dateTime % slideMs) + slideMs;
          for (const [start, counts] of windows) {
            if (start + sizeMs > event.dateTime) continue;
            windows.delete(start);
            close(counts);
          }
        }
        if (event.event_type !== 2) return;
        const { auction, dateTime } = event;
        for (let start = dateTime - (dateTime % slideMs); start > dateTime - sizeMs; start -= slideMs) {
          let counts = windows.get(start);
          if (counts === undefined) {
            counts = new Map();
            windows.set(start, counts);
          }
          counts.set(auction, (counts.get(auction) ?? 0) + 1);
        }
      },
      onEnd() {
        for (const counts of windows.values()) close(counts);
      },
    };
  },
});
