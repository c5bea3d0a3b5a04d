/** Somebody who registers: `event_type` 0. Times are milliseconds since the epoch, here and below. */
export interface PersonEvent {
  readonly event_type: 0;
  readonly id: number;
  readonly name: string;
  readonly emailAddress: string;
  readonly creditCard: string;
  readonly city: string;
  readonly state: string;
  readonly dateTime: number;
  readonly extra: string;
}

/** An item that a person puts up: `event_type` 1. Prices are in cents. */
export interface AuctionEvent {
  readonly event_type: 1;
  readonly id: number;
  readonly itemName: string;
  readonly description: string;
  readonly initialBid: number;
  readonly reserve: number;
  readonly dateTime: number;
  readonly expires: number;
  readonly seller: number;
  readonly category: number;
  readonly extra: string;
}

/** A price that a person offers in an auction: `event_type` 2. */
export interface BidEvent {
  readonly event_type: 2;
  readonly auction: number;
  readonly bidder: number;
  readonly price: number;
  readonly channel: string;
  readonly url: string;
  readonly dateTime: number;
  readonly extra: string;
}

/** A record of the mixed stream: the fields of one of the three, flat. */
export type NexmarkEvent = PersonEvent | AuctionEvent | BidEvent;

/** The fields of the mixed stream, as a source declares them; a record has those of its kind, the others are NULL. */
export const nexmarkFields = [
  { name: "event_type", type: "bigint" },
  { name: "id", type: "bigint" },
  { name: "name", type: "string" },
  { name: "emailAddress", type: "string" },
  { name: "creditCard", type: "string" },
  { name: "city", type: "string" },
  { name: "state", type: "string" },
  { name: "itemName", type: "string" },
  { name: "description", type: "string" },
  { name: "initialBid", type: "bigint" },
  { name: "reserve", type: "bigint" },
  { name: "expires", type: "timestamp" },
  { name: "seller", type: "bigint" },
  { name: "category", type: "bigint" },
  { name: "auction", type: "bigint" },
  { name: "bidder", type: "bigint" },
  { name: "price", type: "bigint" },
  { name: "channel", type: "string" },
  { name: "url", type: "string" },
  { name: "dateTime", type: "timestamp" },
  { name: "extra", type: "string" },
] as const;
