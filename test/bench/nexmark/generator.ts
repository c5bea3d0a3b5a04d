import { type ChannelUrls, createChannelUrls } from "./channel-urls.ts";
import { lastAuction, lastPerson } from "./entity-ids.ts";
import type { AuctionEvent, BidEvent, NexmarkEvent, PersonEvent } from "./events.ts";
import {
  auctionIdLead,
  categories,
  firstAuctionId,
  firstCategoryId,
  firstPersonId,
  type GeneratorConfig,
  hotUnit,
  personIdLead,
} from "./generator-config.ts";
import { createRandomText, type RandomText } from "./random-text.ts";

const firstNames = ["Peter", "Paul", "Luke", "John", "Saul", "Vicky", "Kate", "Julie", "Sarah", "Deiter", "Walter"];
const lastNames = ["Shultz", "Abrams", "Spencer", "White", "Bartels", "Walton", "Smith", "Jones", "Noris"];
const cities = ["Phoenix", "Los Angeles", "San Francisco", "Boise", "Portland", "Bend", "Redmond", "Seattle", "Kent", "Cheyenne"];
const states = ["AZ", "CA", "ID", "OR", "WA", "WY"];

/** An event with how far event time has come: no later event of the stream has a time before `watermarkMs`. */
export interface GeneratedEvent {
  readonly event: NexmarkEvent;
  readonly watermarkMs: number;
}

/**
 * The stream of the Nexmark benchmark (persons, auctions and bids of an auction house, mixed): the n-th event for n = 0, 1,
 * … in that order. Which kind an event is, its ids and its times follow from n; all else is drawn from `random`, so that a
 * seeded one gives the same stream again.
 */
export function createGenerator(config: GeneratorConfig, random: () => number): (n: number) => GeneratedEvent {
  const text = createRandomText(random);
  const urls = createChannelUrls(text);
  const { outOfOrderGroupSize: group } = config;
  return (n) => {
    const groupStart = n - (n % group);
    const number = groupStart + ((n * 953) % group);
    const event = eventOf(config, text, urls, number);
    return { event, watermarkMs: timeOf(config, groupStart) };
  };
}

/** Event time of the k-th event, ms since the epoch. */
export function timeOf({ firstEventRate, numEventGenerators, baseTimeMs }: GeneratorConfig, k: number): number {
  return baseTimeMs + Math.floor(Math.trunc(k * ((1e6 / firstEventRate) * numEventGenerators)) / 1000);
}

function eventOf(config: GeneratorConfig, text: RandomText, urls: ChannelUrls, number: number): NexmarkEvent {
  const { personProportion, auctionProportion, bidProportion } = config;
  const id = config.firstEventId + number;
  const rest = id % (personProportion + auctionProportion + bidProportion);
  if (rest < personProportion) return person(config, text, id, timeOf(config, number));
  if (rest < personProportion + auctionProportion) return auction(config, text, id, number);
  return bid(config, text, urls, id, timeOf(config, number));
}

function person(config: GeneratorConfig, text: RandomText, id: number, dateTime: number): PersonEvent {
  const name = `${pick(text, firstNames)} ${pick(text, lastNames)}`;
  const emailAddress = `${text.string(7)}@${text.string(5)}.com`;
  const creditCard = `${text.digits(4)} ${text.digits(4)} ${text.digits(4)} ${text.digits(4)}`;
  const city = pick(text, cities);
  const state = pick(text, states);
  const size = 8 + name.length + emailAddress.length + creditCard.length + city.length + state.length;
  return {
    event_type: 0,
    id: firstPersonId + lastPerson(config, id),
    name,
    emailAddress,
    creditCard,
    city,
    state,
    dateTime,
    extra: text.extra(size, config.avgPersonByteSize),
  };
}

function auction(config: GeneratorConfig, text: RandomText, id: number, number: number): AuctionEvent {
  const dateTime = timeOf(config, number);
  const seller = text.below(config.hotSellersRatio) > 0 ? hotOf(lastPerson(config, id)) : randomPerson(config, text, id);
  const category = firstCategoryId + text.below(categories);
  const initialBid = text.price();
  const reserve = initialBid + text.price();
  const itemName = text.string(20);
  const description = text.string(100);
  const expires = dateTime + lengthOfAuction(config, text, number);
  const size = 48 + itemName.length + description.length;
  return {
    event_type: 1,
    id: firstAuctionId + lastAuction(config, id),
    itemName,
    description,
    initialBid,
    reserve,
    dateTime,
    expires,
    seller: firstPersonId + seller,
    category,
    extra: text.extra(size, config.avgAuctionByteSize),
  };
}

function bid(config: GeneratorConfig, text: RandomText, urls: ChannelUrls, id: number, dateTime: number): BidEvent {
  const auctionId = text.below(config.hotAuctionRatio) > 0 ? hotOf(lastAuction(config, id)) : randomAuction(config, text, id);
  const bidder = text.below(config.hotBiddersRatio) > 0 ? hotOf(lastPerson(config, id)) + 1 : randomPerson(config, text, id);
  const price = text.price();
  const { channel, url } = urls.next();
  return {
    event_type: 2,
    auction: firstAuctionId + auctionId,
    bidder: firstPersonId * (config.bidderIdsApart ? 2 : 1) + bidder,
    price,
    channel,
    url,
    dateTime,
    extra: text.extra(32, config.avgBidByteSize),
  };
}

/** About as long as it takes until the auctions in flight are new ones. */
function lengthOfAuction(config: GeneratorConfig, text: RandomText, number: number): number {
  const { personProportion, auctionProportion, bidProportion, numInFlightAuctions } = config;
  const all = personProportion + auctionProportion + bidProportion;
  const ahead = number + Math.floor((numInFlightAuctions * all) / auctionProportion);
  return 1 + text.below(Math.max(2 * (timeOf(config, ahead) - timeOf(config, number)), 1));
}

/** One of the persons that are active, or of the next few. */
function randomPerson(config: GeneratorConfig, text: RandomText, id: number): number {
  const known = lastPerson(config, id) + 1;
  const active = Math.min(known, config.numActivePeople);
  return known - active + text.below(active + personIdLead);
}

/** One of the auctions in flight, or of the next few. */
function randomAuction(config: GeneratorConfig, text: RandomText, id: number): number {
  const last = lastAuction(config, id);
  const oldest = Math.max(last - config.numInFlightAuctions, 0);
  return oldest + text.below(last - oldest + 1 + auctionIdLead);
}

function hotOf(id: number): number {
  return Math.trunc(id / hotUnit) * hotUnit;
}

function pick(text: RandomText, list: readonly string[]): string {
  return list[text.below(list.length)];
}
