import { createRandom, logStartMs } from "./log-lines.ts";
import type { Lines } from "./subject.ts";

export const cards = 100_000;
export const paymentsPath = "payments";
export const profilesPath = "profiles";
const stepMs = 6;
/** One record in so many is a change of a profile. */
const profileEvery = 20;
/** One payment in so many begins to try out a card. */
const trialEvery = 400;
const merchants = ["grocer", "fuel", "books", "travel", "phone", "games", "pharmacy", "cinema"];
const tiers = ["new", "silver", "gold"];

/** Amounts are in cents. */
export interface Payment {
  readonly at: number;
  readonly transaction_id: string;
  readonly card: number;
  readonly amount: number;
  readonly merchant: string;
  readonly country: string;
  readonly status: string;
}

/** What is known of a card from a moment on. */
export interface Profile {
  readonly at: number;
  readonly card: number;
  readonly tier: string;
  readonly usual_amount: number;
  readonly blocked: boolean;
}

/** A step of a card that is tried out: some small payments, then a large one. */
interface Trial {
  readonly at: number;
  readonly card: number;
  readonly amount: number;
}

/** Payments of 100,000 cards, one every 6 ms, and changes of their profiles; no two records have one time. The same number gives the same bytes. */
export function fraudStream(records: number): Lines {
  const random = createRandom(21);
  const below = (n: number): number => Math.floor(random() * n);
  const payments = new LineBytes();
  const profiles = new LineBytes();
  const trials: Trial[] = [];
  for (let i = 0; i < records; i++) {
    const at = logStartMs + i * stepMs;
    if (i % profileEvery === 0) {
      const profile: Profile = {
        at,
        card: below(cards),
        tier: tiers[below(3)],
        usual_amount: 1000 + below(9000),
        blocked: below(50) === 0,
      };
      profiles.add(profile);
      continue;
    }
    if (i % trialEvery === 1) startTrial(trials, at, below);
    const due = trials.length > 0 && trials[0].at <= at ? trials.shift() : undefined;
    const payment: Payment = {
      at,
      transaction_id: `t${i.toString(36).padStart(6, "0")}`,
      card: due?.card ?? below(cards),
      amount: due?.amount ?? 500 + below(20_000),
      merchant: merchants[below(merchants.length)],
      country: below(20) === 0 ? "other" : "home",
      status: below(30) === 0 ? "declined" : "approved",
    };
    payments.add(payment);
  }
  return new Map([
    [paymentsPath, payments.bytes()],
    [profilesPath, profiles.bytes()],
  ]);
}

function startTrial(trials: Trial[], at: number, below: (n: number) => number): void {
  const card = below(cards);
  const small = 2 + below(5);
  for (let i = 0; i <= small; i++) {
    const amount = i < small ? 50 + below(400) : 15_000 + below(50_000);
    trials.push({ at: at + i * (10_000 + below(80_000)), card, amount });
  }
  trials.sort((a, b) => a.at - b.at);
}

class LineBytes {
  readonly #parts: Buffer[] = [];
  #lines = "";

  add(record: object): void {
    this.#lines += `${JSON.stringify(record)}\n`;
    if (this.#lines.length < 1 << 20) return;
    this.#parts.push(Buffer.from(this.#lines));
    this.#lines = "";
  }

  bytes(): Uint8Array {
    return Buffer.concat([...this.#parts, Buffer.from(this.#lines)]);
  }
}
