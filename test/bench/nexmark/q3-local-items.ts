import { filter, keep } from "../documents.ts";
import type { Subject } from "../subject.ts";
import { nexmarkGraph } from "./nexmark-documents.ts";
import { nexmarkSubject } from "./nexmark-query.ts";

interface Person {
  readonly name: string;
  readonly city: string;
  readonly state: string;
}

/** Who sells in category 10 from Oregon, Idaho or California: a join without a bound in time, kept for longer than the stream lasts. */
export const q3: Subject = nexmarkSubject({
  name: "q3",
  title: "local item suggestion",
  targets: { json: 1.8, columns: 12 },
  document: nexmarkGraph(
    "q3",
    {
      persons: filter("event_type = 0 AND state IN ('OR', 'ID', 'CA')"),
      person: keep("person = id", "name", "city", "state"),
      auctions: filter("event_type = 1 AND category = 10"),
      auction: keep("seller", "id"),
      join: { type: "regular-join", params: { leftKeys: ["seller"], rightKeys: ["person"], leftTtl: "30d", rightTtl: "30d" } },
      pair: keep("name", "city", "state", "id"),
    },
    ["events > auctions > auction > join.left", "events > persons > person > join.right", "join > pair > result"],
  ),
  plain(emit) {
    const persons = new Map<number, Person>();
    const waiting = new Map<number, number[]>();
    return {
      onRecord(event) {
        if (event.event_type === 0) {
          const { id, name, city, state } = event;
          if (state !== "OR" && state !== "ID" && state !== "CA") return;
          persons.set(id, { name, city, state });
          for (const auction of waiting.get(id) ?? []) emit({ name, city, state, id: auction });
        } else if (event.event_type === 1 && event.category === 10) {
          const { seller, id } = event;
          const known = waiting.get(seller);
          if (known === undefined) waiting.set(seller, [id]);
          else known.push(id);
          const person = persons.get(seller);
          if (person !== undefined) emit({ ...person, id });
        }
      },
    };
  },
});
