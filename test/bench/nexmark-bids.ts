import { createRandom, logStartMs } from "./log-lines.ts";
import { forEachLine } from "./naive-error-spike.ts";
import { chainDocument } from "./run-document.ts";
import type { Subject } from "./subject.ts";

interface Bid {
  readonly auction: number;
  readonly bidder: number;
  readonly price: number;
  readonly dateTime: number;
  readonly extra: string;
}

const fields = [
  { name: "auction", type: "bigint" },
  { name: "bidder", type: "bigint" },
  { name: "price", type: "bigint" },
  { name: "dateTime", type: "timestamp" },
  { name: "extra", type: "string" },
];

/** Bids alone, with ids and prices spread as Nexmark spreads them (half of the bids on the hot auction), 10 a ms. */
function bidLines(records: number): Uint8Array {
  const random = createRandom(3);
  const lines: string[] = [];
  for (let i = 0; i < records; i++) {
    const last = Math.floor((i * 3) / 46);
    const low = Math.max(last - 100, 0);
    const auction = random() < 0.5 ? Math.floor(last / 100) * 100 : low + Math.floor(random() * (last - low + 11));
    const bid: Bid & { channel: string } = {
      auction: 1000 + auction,
      bidder: 1000 + Math.floor(random() * 1000),
      price: Math.round(10 ** (6 * random()) * 100),
      channel: "Google",
      dateTime: logStartMs + Math.floor(i / 10),
      extra: Math.floor(random() * 2 ** 48).toString(36),
    };
    lines.push(JSON.stringify(bid));
  }
  return new TextEncoder().encode(`${lines.join("\n")}\n`);
}

function perBid(bytes: Uint8Array, next: (bid: Bid) => object | null): string {
  const out: string[] = [];
  forEachLine(bytes, (line) => {
    const row = next(JSON.parse(line));
    if (row !== null) out.push(JSON.stringify(row));
  });
  return `${out.join("\n")}\n`;
}

const keep = (...names: string[]) => ({
  type: "map-fields",
  params: { mode: "keep", fields: names.map((name) => ({ name, value: name })) },
});

/** Nexmark q0 over bids: every bid passes through. */
export const q0: Subject = {
  name: "q0",
  title: "Nexmark q0 over bids, pass through",
  input: bidLines,
  document: chainDocument("q0", fields, "dateTime", [keep("auction", "bidder", "price", "dateTime", "extra")]),
  naive: (bytes) => perBid(bytes, ({ auction, bidder, price, dateTime, extra }) => ({ auction, bidder, price, dateTime, extra })),
};

/** Nexmark q2 over bids: those of every 123rd auction. */
export const q2: Subject = {
  name: "q2",
  title: "Nexmark q2 over bids, every 123rd auction",
  input: bidLines,
  document: chainDocument("q2", fields, "dateTime", [{ type: "filter", params: { where: "auction % 123 = 0" } }, keep("auction", "price")]),
  naive: (bytes) => perBid(bytes, ({ auction, price }) => (auction % 123 === 0 ? { auction, price } : null)),
};
