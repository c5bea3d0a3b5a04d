import { type Payment, type Profile, paymentsPath, profilesPath } from "./fraud-stream.ts";
import { forEachLine, PlainOutput } from "./plain-lines.ts";
import type { Lines, Row } from "./subject.ts";

const hourMs = 3_600_000;
const withinMs = 600_000;

interface Recent {
  readonly at: number;
  readonly amount: number;
}

type Scorer = (payment: Payment) => void;

/** The fraud scenario the plain way: both streams are read in the order of their times, a callback a record. */
export function plainFraud(input: Lines): Lines {
  const output = new PlainOutput();
  const score = scorer(output.sink("scored"), asOf(input.get(profilesPath)));
  const onTrial = trials(output.sink("tried"));
  forEachLine(input.get(paymentsPath) ?? new Uint8Array(0), (line) => {
    const payment: Payment = JSON.parse(line);
    score(payment);
    onTrial(payment);
  });
  return output.lines();
}

/** The profile of a card as of a time; times are asked in order. */
function asOf(bytes: Uint8Array | undefined): (card: number, at: number) => Profile | undefined {
  const newest = new Map<number, Profile>();
  const lines: string[] = [];
  forEachLine(bytes ?? new Uint8Array(0), (line) => lines.push(line));
  let next: Profile | null = null;
  let i = 0;
  return (card, at) => {
    for (;;) {
      if (next === null) {
        if (i === lines.length) break;
        const parsed: Profile = JSON.parse(lines[i++]);
        next = parsed;
      }
      if (next.at > at) break;
      newest.set(next.card, next);
      next = null;
    }
    return newest.get(card);
  };
}

function scorer(emit: (row: Row) => void, profileOf: (card: number, at: number) => Profile | undefined): Scorer {
  const recent = new Map<number, Recent[]>();
  return ({ at, transaction_id, card, amount }) => {
    const payments = recent.get(card) ?? [];
    recent.set(card, payments);
    while (payments.length > 0 && payments[0].at <= at - hourMs) payments.shift();
    payments.push({ at, amount });
    const profile = profileOf(card, at);
    const recent_sum = payments.reduce((sum, payment) => sum + payment.amount, 0);
    const score = scoreOf(amount, payments.length, profile);
    emit({ transaction_id, at, card, amount, tier: profile?.tier ?? null, recent_count: payments.length, recent_sum, score });
  };
}

function scoreOf(amount: number, recentCount: number, profile: Profile | undefined): number {
  let score = 0;
  if (profile === undefined) score += 30;
  else {
    if (profile.blocked) score += 60;
    if (amount > 3 * profile.usual_amount) score += 40;
    if (profile.tier === "new") score += 10;
  }
  if (recentCount >= 3) score += 30;
  return Math.min(100, score);
}

/** Three or more small payments and then a large one, within 10 minutes from the first; a match takes its payments away. */
function trials(emit: (row: Row) => void): Scorer {
  const small = new Map<number, number[]>();
  return ({ at, card, amount, status, transaction_id }) => {
    if (status !== "approved") return;
    if (amount < 500) {
      const times = small.get(card) ?? [];
      small.set(card, times);
      times.push(at);
    } else if (amount > 10_000) {
      const times = small.get(card);
      if (times === undefined) return;
      while (times.length > 0 && times[0] <= at - withinMs) times.shift();
      if (times.length < 3) return;
      small.delete(card);
      emit({ card, tries: times.length, amount, transaction_id });
    }
  };
}
