import { Seeded } from "./seeded.ts";

/** A payment, as it lies in the topic. Amounts are whole cents, so that sums are exact. */
export interface Payment {
  readonly transaction_id: string;
  readonly customer_id: string;
  readonly amount: number;
  readonly at: number;
}

/** What the CRM knows of a customer from `at` on. */
export interface Profile {
  readonly customer_id: string;
  readonly tier: string;
  readonly usual_amount: number;
  readonly blocked: boolean;
  readonly at: number;
}

/** A scored payment, as it must come out. */
export interface Scored {
  readonly transaction_id: string;
  readonly customer_id: string;
  readonly at: number;
  readonly recent_count: number;
  readonly recent_sum: number;
  readonly tier: string | null;
  readonly score: number;
}

export interface ChaosInput {
  /** In order of arrival: out of order by at most `disorderMs`, about 2 % of them twice. */
  readonly payments: readonly Payment[];
  /** In time order. */
  readonly profiles: readonly Profile[];
  /** By transaction id. */
  readonly expected: ReadonlyMap<string, Scored>;
}

export const disorderMs = 30_000;
const startMs = 1_700_000_000_000;
const betweenMs = 400;
const customers = 400;
const hourMs = 3_600_000;
const tiers = ["new", "silver", "gold"];

/** Payments and profiles from a seed, with the scores that a plain computation over all of them gives. */
export function chaosInput(distinct: number, seed: number): ChaosInput {
  const random = new Seeded(seed);
  const inOrder = Array.from({ length: distinct }, (_, i): Payment => {
    const amount = 100 + random.below(20_000) * (random.below(12) === 0 ? 8 : 1);
    return {
      transaction_id: `t${i}`,
      customer_id: `c${random.below(customers)}`,
      amount,
      at: startMs + i * betweenMs + random.below(betweenMs),
    };
  });
  const profiles = profileUpdates(distinct, random);
  return { payments: arrivals(inOrder, random), profiles, expected: scores(inOrder, profiles) };
}

function profileUpdates(distinct: number, random: Seeded): Profile[] {
  const count = Math.max(customers, Math.floor(distinct / 10));
  const everyMs = (distinct * betweenMs) / count;
  return Array.from({ length: count }, (_, i): Profile => {
    const customer = i < customers * 0.9 ? i : random.below(customers);
    const usual = 2000 + random.below(12_000);
    return {
      customer_id: `c${customer}`,
      tier: random.pick(tiers),
      usual_amount: usual,
      blocked: random.below(25) === 0,
      at: startMs - 1000 + Math.floor(i * everyMs),
    };
  });
}

/** Delays each payment by up to 25 s, and sends some of them again a little later. */
function arrivals(inOrder: readonly Payment[], random: Seeded): Payment[] {
  const arriving = inOrder.flatMap((payment) => {
    const arrival = payment.at + random.below(disorderMs - 5000);
    const first = { payment, arrival };
    return random.below(50) === 0
      ? [first, { payment, arrival: Math.min(arrival + random.below(4000), payment.at + disorderMs - 1000) }]
      : [first];
  });
  return arriving.sort((a, b) => a.arrival - b.arrival).map(({ payment }) => payment);
}

function scores(inOrder: readonly Payment[], profiles: readonly Profile[]): ReadonlyMap<string, Scored> {
  const byCustomer = new Map<string, { readonly payments: Payment[]; readonly profiles: Profile[] }>();
  const of = (customer: string) => {
    const found = byCustomer.get(customer) ?? { payments: [], profiles: [] };
    byCustomer.set(customer, found);
    return found;
  };
  for (const payment of inOrder) of(payment.customer_id).payments.push(payment);
  for (const profile of profiles) of(profile.customer_id).profiles.push(profile);
  const expected = new Map<string, Scored>();
  for (const { payments, profiles: known } of byCustomer.values()) {
    for (const payment of payments) {
      const recent = payments.filter(({ at }) => at > payment.at - hourMs && at <= payment.at);
      const profile = known.findLast(({ at }) => at <= payment.at);
      const recentSum = recent.reduce((sum, { amount }) => sum + amount, 0);
      expected.set(payment.transaction_id, {
        transaction_id: payment.transaction_id,
        customer_id: payment.customer_id,
        at: payment.at,
        recent_count: recent.length,
        recent_sum: recentSum,
        tier: profile?.tier ?? null,
        score: scoreOf(payment, profile, recent.length),
      });
    }
  }
  return expected;
}

function scoreOf(payment: Payment, profile: Profile | undefined, recentCount: number): number {
  const frequent = recentCount >= 20 ? 30 : 0;
  if (profile === undefined) return Math.min(100, 30 + frequent);
  const blocked = profile.blocked ? 60 : 0;
  const unusual = payment.amount > 3 * profile.usual_amount ? 40 : 0;
  const fresh = profile.tier === "new" ? 10 : 0;
  return Math.min(100, blocked + unusual + fresh + frequent);
}
