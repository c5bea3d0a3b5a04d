/** What shapes the stream; the defaults are those of Nexmark's reference implementation. */
export interface GeneratorConfig {
  /** Of each group of `personProportion + auctionProportion + bidProportion` events. */
  readonly personProportion: number;
  readonly auctionProportion: number;
  readonly bidProportion: number;
  /** Events per second of event time. */
  readonly firstEventRate: number;
  /** Multiplies the time between two events. */
  readonly numEventGenerators: number;
  /** Bytes that `extra` fills an event up to, on average. */
  readonly avgPersonByteSize: number;
  readonly avgAuctionByteSize: number;
  readonly avgBidByteSize: number;
  /** One in so many is not the hot one. */
  readonly hotAuctionRatio: number;
  readonly hotSellersRatio: number;
  readonly hotBiddersRatio: number;
  readonly numInFlightAuctions: number;
  readonly numActivePeople: number;
  /** Events are shuffled within groups of so many; 1: in order. */
  readonly outOfOrderGroupSize: number;
  readonly firstEventId: number;
  /** Event time of the first event, ms since the epoch. */
  readonly baseTimeMs: number;
  /**
   * Whether ids of bidders are 1000 above those of persons, as the reference implementation has it, which adds the first
   * id twice; off, a bidder is a person, as the paper has it.
   */
  readonly bidderIdsApart: boolean;
}

export const defaultConfig: GeneratorConfig = {
  personProportion: 1,
  auctionProportion: 3,
  bidProportion: 46,
  firstEventRate: 10_000,
  numEventGenerators: 1,
  avgPersonByteSize: 200,
  avgAuctionByteSize: 500,
  avgBidByteSize: 100,
  hotAuctionRatio: 2,
  hotSellersRatio: 4,
  hotBiddersRatio: 4,
  numInFlightAuctions: 100,
  numActivePeople: 1000,
  outOfOrderGroupSize: 1,
  firstEventId: 0,
  baseTimeMs: Date.UTC(2026, 0, 1),
  bidderIdsApart: false,
};

export const firstPersonId = 1000;
export const firstAuctionId = 1000;
export const firstCategoryId = 10;
export const categories = 5;
/** Ids this far ahead of the newest are drawn too: what a bid names may come after it. */
export const personIdLead = 10;
export const auctionIdLead = 10;
/** One person or auction of so many is hot. */
export const hotUnit = 100;
