import { filter, keep } from "../documents.ts";
import type { Subject } from "../subject.ts";
import { nexmarkGraph } from "./nexmark-documents.ts";
import { nexmarkSubject } from "./nexmark-query.ts";

const sizeMs = 10_000;

interface Window {
  readonly start: number;
  /** Names by id. */
  readonly persons: Map<number, string>;
  readonly sellers: Set<number>;
}

/** Who registered and put up an item in the same 10 seconds. */
export const q8: Subject = nexmarkSubject({
  name: "q8",
  title: "monitor new users",
  targets: { json: 1.8, columns: 15 },
  document: nexmarkGraph(
    "q8",
    {
      persons: filter("event_type = 0"),
      new_persons: {
        type: "tumbling-window",
        params: { keyBy: ["id", "name"], size: "10s", aggregates: [{ as: "registered", fn: "count" }] },
      },
      auctions: filter("event_type = 1"),
      sellers: {
        type: "tumbling-window",
        params: { keyBy: ["seller"], size: "10s", aggregates: [{ as: "items", fn: "count" }] },
      },
      both: { type: "window-join", params: { leftKeys: ["id"], rightKeys: ["seller"], size: "10s" } },
      row: keep("id", "name", "starttime = window_start"),
    },
    ["events > persons > new_persons > both.left", "events > auctions > sellers > both.right", "both > row > result"],
  ),
  plain(emit) {
    let window: Window | null = null;
    const close = (): void => {
      if (window === null) return;
      for (const [id, name] of window.persons) if (window.sellers.has(id)) emit({ id, name, starttime: window.start });
      window = null;
    };
    return {
      onRecord(event) {
        if (event.event_type === 2) return;
        const start = event.dateTime - (event.dateTime % sizeMs);
        if (window !== null && window.start !== start) close();
        window ??= { start, persons: new Map(), sellers: new Set() };
        if (event.event_type === 0) window.persons.set(event.id, event.name);
        else window.sellers.add(event.seller);
      },
      onEnd: close,
    };
  },
});
