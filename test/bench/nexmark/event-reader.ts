import type { Batch, Column, Field } from "@millrace/engine";
import type { NexmarkEvent } from "./events.ts";

type Dictionary = Extract<Column, { readonly kind: "string" }>["dictionary"];

/** Strings that were made, by dictionary and id: plain implementations are given theirs, and do not make them in each run. */
const made = new WeakMap<Dictionary, (string | undefined)[]>();

function textsOf(dictionary: Dictionary): (string | undefined)[] {
  const texts = made.get(dictionary) ?? [];
  made.set(dictionary, texts);
  return texts;
}

/**
 * Reads events of the mixed stream from decoded batches, a new object each, as a plain implementation over records has them.
 * Fields without a column are 0 or empty: nothing reads them.
 */
export function createEventReader(fields: readonly Field[]): (batch: Batch, row: number) => NexmarkEvent {
  const at = new Map(fields.map(({ name }, i) => [name, i]));
  const index = (name: string): number => at.get(name) ?? -1;
  const number = (name: string) => {
    const i = index(name);
    return (batch: Batch, row: number): number => {
      const column = batch.columns[i];
      return column?.kind === "number" ? column.values[row] : 0;
    };
  };
  const text = (name: string) => {
    const i = index(name);
    let last: Dictionary | null = null;
    let known: (string | undefined)[] = [];
    return (batch: Batch, row: number): string => {
      const column = batch.columns[i];
      if (column?.kind !== "string") return "";
      if (column.dictionary !== last) {
        last = column.dictionary;
        known = textsOf(last);
      }
      const id = column.ids[row];
      const own = known[id] ?? column.dictionary.text(id);
      known[id] = own;
      return own;
    };
  };
  const [type, id, dateTime, extra] = [number("event_type"), number("id"), number("dateTime"), text("extra")];
  const [name, emailAddress, creditCard, city, state] = [
    text("name"),
    text("emailAddress"),
    text("creditCard"),
    text("city"),
    text("state"),
  ];
  const [itemName, description] = [text("itemName"), text("description")];
  const [initialBid, reserve, expires] = [number("initialBid"), number("reserve"), number("expires")];
  const [seller, category] = [number("seller"), number("category")];
  const [auction, bidder, price] = [number("auction"), number("bidder"), number("price")];
  const [channel, url] = [text("channel"), text("url")];
  return (batch, row) => {
    switch (type(batch, row)) {
      case 0:
        return {
          event_type: 0,
          id: id(batch, row),
          name: name(batch, row),
          emailAddress: emailAddress(batch, row),
          creditCard: creditCard(batch, row),
          city: city(batch, row),
          state: state(batch, row),
          dateTime: dateTime(batch, row),
          extra: extra(batch, row),
        };
      case 1:
        return {
          event_type: 1,
          id: id(batch, row),
          itemName: itemName(batch, row),
          description: description(batch, row),
          initialBid: initialBid(batch, row),
          reserve: reserve(batch, row),
          dateTime: dateTime(batch, row),
          expires: expires(batch, row),
          seller: seller(batch, row),
          category: category(batch, row),
          extra: extra(batch, row),
        };
      default:
        return {
          event_type: 2,
          auction: auction(batch, row),
          bidder: bidder(batch, row),
          price: price(batch, row),
          channel: channel(batch, row),
          url: url(batch, row),
          dateTime: dateTime(batch, row),
          extra: extra(batch, row),
        };
    }
  };
}
