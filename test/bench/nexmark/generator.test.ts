import { describe, expect, it } from "vitest";
import { createRandom } from "../log-lines.ts";
import { reverseBits } from "./channel-urls.ts";
import { lastAuction, lastPerson } from "./entity-ids.ts";
import type { AuctionEvent, BidEvent, NexmarkEvent, PersonEvent } from "./events.ts";
import { createGenerator, timeOf } from "./generator.ts";
import { defaultConfig, type GeneratorConfig } from "./generator-config.ts";
import { createRandomText } from "./random-text.ts";
import { streamLines } from "./stream-lines.ts";

const events = 50_000;
const base = defaultConfig.baseTimeMs;

function generate(count: number, config: Partial<GeneratorConfig> = {}, seed = 1) {
  const next = createGenerator({ ...defaultConfig, ...config }, createRandom(seed));
  return Array.from({ length: count }, (_, n) => next(n));
}

const stream: readonly NexmarkEvent[] = generate(events).map(({ event }) => event);
const persons = stream.filter((event): event is PersonEvent => event.event_type === 0);
const auctions = stream.filter((event): event is AuctionEvent => event.event_type === 1);
const bids = stream.filter((event): event is BidEvent => event.event_type === 2);
const share = (of: readonly unknown[], hits: readonly unknown[]) => hits.length / of.length;
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("createGenerator", () => {
  it("gives 1 person, 3 auctions and 46 bids of every 50 events, in that order", () => {
    expect([persons.length, auctions.length, bids.length]).toEqual([events / 50, (events / 50) * 3, (events / 50) * 46]);
    for (const [n, event] of stream.slice(0, 200).entries()) expect(event.event_type).toBe(n % 50 === 0 ? 0 : n % 50 < 4 ? 1 : 2);
  });

  it("numbers persons and auctions from 1000 on, without gaps", () => {
    expect(persons.map(({ id }) => id)).toEqual(persons.map((_, i) => 1000 + i));
    expect(auctions.map(({ id }) => id)).toEqual(auctions.map((_, i) => 1000 + i));
  });

  it("spaces events 100 µs apart in whole milliseconds, and more with more generators", () => {
    expect(stream.map(({ dateTime }) => dateTime)).toEqual(stream.map((_, n) => base + Math.floor(n / 10)));
    expect(timeOf({ ...defaultConfig, numEventGenerators: 3 }, 7)).toBe(base + 2);
    expect(timeOf({ ...defaultConfig, firstEventRate: 3000 }, 10)).toBe(base + 3);
  });

  it("draws half of the bids for the hot auction, the others for auctions in flight and the next ten", () => {
    const hot = bids.filter(({ auction }) => auction % 100 === 0);
    expect(share(bids, hot)).toBeGreaterThan(0.49);
    expect(share(bids, hot)).toBeLessThan(0.53);
    for (const [i, event] of stream.entries()) {
      if (event.event_type !== 2) continue;
      const last = 1000 + lastAuction(defaultConfig, i);
      expect(event.auction).toBeGreaterThanOrEqual(Math.max(1000, last - 100));
      expect(event.auction).toBeLessThanOrEqual(last + 10);
    }
  });

  it("draws three of four bidders and sellers hot, the others from the active persons and the next ten", () => {
    expect(
      share(
        bids,
        bids.filter(({ bidder }) => bidder % 100 === 1),
      ),
    ).toBeCloseTo(0.75, 1);
    expect(
      share(
        auctions,
        auctions.filter(({ seller }) => seller % 100 === 0),
      ),
    ).toBeCloseTo(0.75, 1);
    for (const [i, event] of stream.entries()) {
      if (event.event_type === 0) continue;
      const person = event.event_type === 1 ? event.seller : event.bidder;
      const last = 1000 + lastPerson(defaultConfig, i);
      expect(person).toBeGreaterThanOrEqual(Math.max(1000, last - 999));
      // The hot bidder is the one behind the hot seller, who may not have registered yet.
      expect(person).toBeLessThanOrEqual(last + 10);
    }
  });

  it("sets ids of bidders apart as the reference implementation does, when it is told to", () => {
    const apart = generate(200, { bidderIdsApart: true }).map(({ event }) => event);
    for (const [i, event] of apart.entries()) {
      const same = stream[i];
      if (event.event_type === 2 && same.event_type === 2) expect(event.bidder).toBe(same.bidder + 1000);
      else expect(event).toEqual(same);
    }
  });

  it("spreads prices evenly by their logarithm, from 100 to 100 million cents", () => {
    const prices = bids.map(({ price }) => price);
    expect(prices.every((price) => Number.isInteger(price) && price >= 100 && price <= 1e8)).toBe(true);
    for (const [low, high] of [
      [100, 1e3],
      [1e4, 1e5],
      [1e7, 1e8],
    ]) {
      expect(
        share(
          prices,
          prices.filter((price) => price >= low && price < high),
        ),
      ).toBeCloseTo(1 / 6, 1);
    }
    expect(auctions.every(({ initialBid, reserve }) => reserve >= initialBid + 100)).toBe(true);
  });

  it("lets auctions run about as long as it takes until those in flight are new, and spreads categories evenly", () => {
    const lengths = auctions.map(({ dateTime, expires }) => expires - dateTime);
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(1);
    // 100 auctions take 1666 events, which is 166 ms; of a length below twice that the mean is about that.
    expect(Math.max(...lengths)).toBeLessThanOrEqual(2 * 167);
    expect(mean(lengths)).toBeGreaterThan(155);
    expect(mean(lengths)).toBeLessThan(178);
    for (let category = 10; category < 15; category++)
      expect(
        share(
          auctions,
          auctions.filter((auction) => auction.category === category),
        ),
      ).toBeCloseTo(0.2, 1);
  });

  it("draws states, cities and channels from their lists", () => {
    expect(new Set(persons.map(({ state }) => state))).toEqual(new Set(["AZ", "CA", "ID", "OR", "WA", "WY"]));
    expect(new Set(persons.map(({ city }) => city)).size).toBe(10);
    expect(new Set(persons.map(({ name }) => name.split(" ")[0])).size).toBe(11);
    expect(
      share(
        bids,
        bids.filter(({ channel }) => !channel.startsWith("channel-")),
      ),
    ).toBeCloseTo(0.5, 1);
    const urls = new Map<string, string>();
    for (const { channel, url } of bids) {
      expect(urls.get(channel) ?? url).toBe(url);
      urls.set(channel, url);
    }
    const others = [...urls].filter(([channel]) => channel.startsWith("channel-"));
    expect(
      share(
        others,
        others.filter(([, url]) => url.includes("&channel_id=")),
      ),
    ).toBeCloseTo(0.9, 1);
    for (const [channel, url] of others) {
      const id = /&channel_id=(\d+)$/.exec(url)?.[1];
      if (id !== undefined) expect(Number(id)).toBe(Math.abs(reverseBits(Number(channel.slice("channel-".length)))));
    }
    for (const channel of ["Google", "Facebook", "Baidu", "Apple"]) expect(urls.get(channel)).toMatch(/item\.htm\?query=1$/);
  });

  it("fills events up to their average sizes", () => {
    const fieldBytes = (event: NexmarkEvent) =>
      Object.entries(event)
        .filter(([name]) => !["event_type", "channel", "url"].includes(name))
        .reduce((sum, [, value]) => sum + (typeof value === "string" ? value.length : 8), 0);
    expect(mean(bids.map(fieldBytes))).toBeCloseTo(100, -1);
    expect(Math.abs(mean(persons.map(fieldBytes)) - 200)).toBeLessThan(12);
    expect(Math.abs(mean(auctions.map(fieldBytes)) - 500)).toBeLessThan(20);
  });

  it("shuffles within groups when it is told to, and knows then how far time has come", () => {
    const shuffled = generate(1000, { outOfOrderGroupSize: 100 });
    const times = shuffled.map(({ event }) => event.dateTime);
    expect(times.some((time, i) => i > 0 && time < times[i - 1])).toBe(true);
    expect([...times].sort((a, b) => a - b)).toEqual(stream.slice(0, 1000).map(({ dateTime }) => dateTime));
    let least = Number.POSITIVE_INFINITY;
    for (const { event, watermarkMs } of shuffled.reverse()) {
      least = Math.min(least, event.dateTime);
      expect(watermarkMs).toBeLessThanOrEqual(least);
    }
  });

  it("gives the same stream for the same seed, and another for another", () => {
    expect(Buffer.compare(streamLines(2000), streamLines(2000))).toBe(0);
    expect(Buffer.compare(streamLines(2000), streamLines(2000, defaultConfig, 2))).not.toBe(0);
    expect(Buffer.from(streamLines(2000)).toString().trim().split("\n")).toEqual(
      stream.slice(0, 2000).map((event) => JSON.stringify(event)),
    );
  });
});

describe("createRandomText", () => {
  const text = createRandomText(createRandom(5));

  it("draws strings of 3 letters or more, a gap one letter in 13", () => {
    const strings = Array.from({ length: 5000 }, () => text.string(20, "_"));
    expect(Math.min(...strings.map(({ length }) => length))).toBe(3);
    expect(Math.max(...strings.map(({ length }) => length))).toBe(19);
    expect(strings.every((one) => /^[a-z_]+$/.test(one))).toBe(true);
    const letters = strings.join("");
    expect(
      share(
        [...letters],
        [...letters].filter((letter) => letter === "_"),
      ),
    ).toBeCloseTo(1 / 13, 2);
    expect(Array.from({ length: 1000 }, () => text.string(8)).every((one) => one === one.trim())).toBe(true);
  });

  it("fills nothing that is large enough", () => {
    expect(text.extra(101, 100)).toBe("");
    expect(text.extra(100, 100)).toBe("");
    const lengths = Array.from({ length: 2000 }, () => text.extra(50, 100).length);
    expect(Math.min(...lengths)).toBe(40);
    expect(Math.max(...lengths)).toBe(59);
  });
});
